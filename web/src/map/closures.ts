/** Closed roads: tape of red and white along a line, hatching on an area, and a sign on each, so that colour is never alone. */
import L from "./leaflet";
import { barrier, type Face } from "./barrier";
import { ll, type Ground } from "./ground";
import type { ClosedShape } from "../api/roads";
import type { Point } from "../api/types";
import type { Theme } from "../ui/theme";

export interface Barred { id: number; shape: ClosedShape; face: Face; title: string }

type Rendered = L.SVG & { _container?: SVGElement };

const INKS: Record<Theme, { red: string; paper: string }> = { light: { red: "#c81e3a", paper: "#ffffff" }, dark: { red: "#ff5c74", paper: "#171c25" } };
const HATCH = "closed-hatch";
const NS = "http://www.w3.org/2000/svg";

/** A pattern of slanted lines that fills can name. */
export function hatched(container: SVGElement, name: string, colour: string): void {
  container.querySelector("defs")?.remove();
  const defs = document.createElementNS(NS, "defs"), pattern = document.createElementNS(NS, "pattern"), line = document.createElementNS(NS, "path");
  for (const [key, value] of Object.entries({ id: name, width: "9", height: "9", patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" })) pattern.setAttribute(key, value);
  for (const [key, value] of Object.entries({ d: "M0 0V9", stroke: colour, "stroke-width": "5" })) line.setAttribute(key, value);
  pattern.append(line);
  defs.append(pattern);
  container.prepend(defs);
}

/** Where the sign stands: halfway along a line, in the middle of an area. */
export function middleOf(shape: ClosedShape): Point {
  const parts = (shape.type === "LineString" ? [shape.coordinates] : shape.type === "MultiLineString" || shape.type === "Polygon" ? shape.coordinates : shape.coordinates.map((polygon) => polygon[0] ?? [])) as [number, number][][];
  const longest = parts.reduce((a, b) => (length(b) > length(a) ? b : a), parts[0] ?? []);
  if (shape.type.endsWith("LineString")) return halfway(longest);
  const box = L.latLngBounds(longest.map(([lon, lat]): L.LatLngTuple => [lat, lon])).getCenter();
  return { lon: box.lng, lat: box.lat };
}

const leg = ([ax, ay]: [number, number], [bx, by]: [number, number]) => Math.hypot((bx - ax) * Math.cos((ay * Math.PI) / 180), by - ay);
const length = (line: [number, number][]) => line.slice(1).reduce((sum, at, i) => sum + leg(line[i] as [number, number], at), 0);

function halfway(line: [number, number][]): Point {
  let left = length(line) / 2;
  for (let i = 1; i < line.length; i++) {
    const a = line[i - 1] as [number, number], b = line[i] as [number, number], far = leg(a, b);
    if (far >= left && far > 0) return { lon: a[0] + ((b[0] - a[0]) * left) / far, lat: a[1] + ((b[1] - a[1]) * left) / far };
    left -= far;
  }
  const [lon = 0, lat = 0] = line[0] ?? [];
  return { lon, lat };
}

function standing(sign: SVGElement): HTMLElement {
  const box = document.createElement("span");
  box.append(sign);
  return box;
}

/** What is closed, on the map. `picked` says whether it took the click; one that it leaves goes to the ground below. */
export class ClosureLayer {
  private readonly group: L.LayerGroup;
  private readonly renderer: Rendered = L.svg({ pane: "closed", padding: 0.3 });

  constructor(ground: Ground, private readonly picked: (id: number) => boolean) {
    this.renderer.addTo(ground.map);
    this.group = L.layerGroup().addTo(ground.map);
  }

  show(closures: readonly Barred[], selected: number | null, theme: Theme): void {
    this.group.clearLayers();
    if (this.renderer._container) hatched(this.renderer._container, HATCH, INKS[theme].red);
    for (const one of closures) this.add(one, one.id === selected, theme);
  }

  private add({ id, shape, face, title }: Barred, selected: boolean, theme: Theme): void {
    const { red, paper } = INKS[theme], faint = face === "coming" ? 0.6 : 1;
    const base = { pane: "closed", renderer: this.renderer, interactive: true, lineCap: "butt", lineJoin: "round" } as const;
    const put = (options: L.PathOptions) => L.geoJSON(shape, { pane: "closed", style: { ...base, ...options }, interactive: true }).on("click", (event) => { if (this.picked(id)) L.DomEvent.stop(event); }).addTo(this.group);
    if (shape.type.endsWith("Polygon")) {
      put({ color: red, weight: selected ? 4 : 2.5, opacity: faint, ...(face === "live" ? {} : { dashArray: "7 5" }), fill: true, fillColor: `url(#${HATCH})`, fillOpacity: face === "live" ? 0.55 : 0.28 });
    } else {
      put({ color: paper, weight: selected ? 13 : 10, opacity: 0.9, lineCap: "round" });
      put({ color: red, weight: selected ? 9 : 7, opacity: faint, ...(face === "live" ? {} : { dashArray: "14 8" }) });
      if (face === "live") put({ color: "#ffffff", weight: selected ? 5 : 4, dashArray: "6 8" });
    }
    const size = selected ? 30 : 24;
    const icon = L.divIcon({ className: "barred", html: standing(barrier(face, size)), iconSize: [size, size], iconAnchor: [size / 2, size / 2] });
    L.marker(ll(middleOf(shape)), { icon, pane: "barred", keyboard: false, bubblingMouseEvents: true, title }).on("click", (event) => { if (this.picked(id)) L.DomEvent.stop(event); }).addTo(this.group);
  }
}
