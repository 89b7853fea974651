/** Ways on the map: one colour per person, white casing, numbered stops, the travelled part thin. */
import L from "./leaflet";
import { ll, type Ground } from "./ground";
import type { Point } from "../api/types";

export interface Route {
  line: readonly [lon: number, lat: number][];
  colour: string;
  /** straight lines that no road engine answered for are dashed */
  estimated?: boolean;
  travelled?: readonly [lon: number, lat: number][];
  stops?: readonly { point: Point; text: string; title?: string }[];
  faint?: boolean;
  /** no way but a hint of one: thin, dashed, its stops beside what they stand for */
  hint?: boolean;
}

const latLngs = (line: readonly [number, number][]) => line.map(([lon, lat]): L.LatLngTuple => [lat, lon]);

/** A set of routes that is shown together and replaced together. */
export class RouteLayer {
  private readonly group: L.LayerGroup;
  private readonly lines = L.canvas({ pane: "routes", padding: 0.3 });

  constructor(ground: Ground) {
    this.group = L.layerGroup().addTo(ground.map);
  }

  show(routes: readonly Route[]): void {
    this.group.clearLayers();
    for (const route of routes) this.add(route);
  }

  private add(route: Route): void {
    const common = { pane: "routes", renderer: this.lines, interactive: false, lineCap: "round", lineJoin: "round" } as const;
    const dash = route.estimated ? { dashArray: "1 8" } : {};
    const line = latLngs(route.line);
    if (route.hint) this.group.addLayer(L.polyline(line, { ...common, color: route.colour, weight: 2.5, opacity: 0.9, dashArray: "7 6", lineCap: "butt" }));
    else this.way(route, line, common, dash);
    for (const stop of route.stops ?? []) this.group.addLayer(stopMarker(stop, route.colour, route.hint));
  }

  private way(route: Route, line: L.LatLngTuple[], common: L.PolylineOptions, dash: L.PolylineOptions): void {
    if (!route.faint) this.group.addLayer(L.polyline(line, { ...common, color: "#ffffff", weight: 7, opacity: 0.95 }));
    this.group.addLayer(L.polyline(line, { ...common, ...dash, color: route.colour, weight: route.faint ? 2 : 4, opacity: route.faint ? 0.55 : 1 }));
    if (route.travelled?.length) this.group.addLayer(L.polyline(latLngs(route.travelled), { ...common, color: route.colour, weight: 1.5, opacity: 0.7 }));
  }

  clear(): void {
    this.group.clearLayers();
  }
}

function stopMarker(stop: { point: Point; text: string; title?: string }, colour: string, beside = false): L.Marker {
  const face = document.createElement("span");
  face.textContent = stop.text;
  face.style.cssText = `display:grid;place-items:center;width:20px;height:20px;border-radius:50%;background:${colour};border:2px solid #fff;color:#fff;font:600 11px/1 var(--font);box-shadow:0 1px 3px rgb(0 0 0 / 40%)`;
  const icon = L.divIcon({ className: "stop", html: face, iconSize: [20, 20], iconAnchor: beside ? [24, 24] : [10, 10] });
  return L.marker(ll(stop.point), { icon, interactive: false, keyboard: false, title: stop.title ?? "", pane: beside ? "beside" : "stops" });
}
