/** The cells of a division: borders and codes of all, pattern and thick line for those that one works on. */
import L from "./leaflet";
import type { CellShape } from "../api/divisions";
import { shortCell } from "../ui/formats";
import type { Theme } from "../ui/theme";
import type { Ground } from "./ground";
import { tonesOf } from "./marks";
import { Overlay } from "./overlay";

export interface CellLooks {
  picked: ReadonlySet<string>;
  /** cells as they would be, while somebody draws */
  tried: readonly CellShape[];
  /** whether what is tried breaks a rule */
  broken: boolean;
  theme: Theme;
  /** cells that a filter leaves out are faint; null: all are shown alike */
  only: ReadonlySet<string> | null;
}

type Rendered = L.SVG & { _container?: SVGElement };
const INKS: Record<Theme, { line: string; code: string; halo: string }> = {
  light: { line: "#3f5585", code: "#2d3d61", halo: "#fbfaf8" },
  dark: { line: "#93abd8", code: "#c3d2ee", halo: "#141921" },
};
const NS = "http://www.w3.org/2000/svg";
const PATTERNS: Record<string, string> = { dots: "M1.500 4a2 2 0 1 1 4 0 2 2 0 1 1-4 0z", stripes: "M0 0h8v2.400H0z", cross: "M0 0h8v2H0zM0 0h2v8H0z" };

/** Patterns that fills can name: what is new, what has changed, what breaks a rule. */
function patterns(container: SVGElement, colours: Record<string, string>): void {
  container.querySelector("defs")?.remove();
  const defs = document.createElementNS(NS, "defs");
  for (const [name, d] of Object.entries(PATTERNS)) {
    const pattern = document.createElementNS(NS, "pattern"), path = document.createElementNS(NS, "path");
    for (const [key, value] of Object.entries({ id: `cell-${name}`, width: "8", height: "8", patternUnits: "userSpaceOnUse", patternTransform: name === "dots" ? "" : "rotate(45)" })) pattern.setAttribute(key, value);
    path.setAttribute("d", d);
    path.setAttribute("fill", colours[name] ?? "currentColor");
    pattern.append(path);
    defs.append(pattern);
  }
  container.prepend(defs);
}

interface Label { text: string; at: L.LatLng; west: L.LatLng; east: L.LatLng }

class CodeOverlay extends Overlay {
  labels: readonly Label[] = [];
  theme: Theme = "light";

  /** A code is written where its cell has room for it. */
  protected draw(ctx: CanvasRenderingContext2D): boolean {
    const { code, halo } = INKS[this.theme], box = this.map.getSize();
    ctx.font = `500 ${11 * this.size}px ${getComputedStyle(document.body).fontFamily}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    const taken: L.Point[] = [];
    for (const { text, at, west, east } of this.labels) {
      const { x, y } = this.map.latLngToContainerPoint(at);
      if (x < 0 || y < 0 || x > box.x || y > box.y) continue;
      const room = this.map.latLngToContainerPoint(east).x - this.map.latLngToContainerPoint(west).x;
      if (room < 40 * this.size || taken.some((other) => Math.abs(other.x - x) < 42 * this.size && Math.abs(other.y - y) < 14 * this.size)) continue;
      taken.push(L.point(x, y));
      ctx.lineWidth = 3;
      ctx.strokeStyle = halo;
      ctx.strokeText(text, x, y);
      ctx.fillStyle = code;
      ctx.fillText(text, x, y);
    }
    return false;
  }
}

export class CellLayer {
  private readonly canvas = L.canvas({ pane: "areas", padding: 0.2 });
  private readonly svg: Rendered = L.svg({ pane: "closed", padding: 0.3 });
  private readonly all: L.LayerGroup;
  private readonly marks: L.LayerGroup;
  private readonly codes: CodeOverlay;

  constructor(ground: Ground) {
    this.all = L.layerGroup().addTo(ground.map);
    this.svg.addTo(ground.map);
    this.marks = L.layerGroup().addTo(ground.map);
    this.codes = new CodeOverlay(ground, "signs");
  }

  show(cells: readonly CellShape[], looks: CellLooks): void {
    const ink = INKS[looks.theme];
    this.all.clearLayers();
    const style = (one: CellShape): L.PathOptions => ({ pane: "areas", renderer: this.canvas, interactive: false, color: ink.line, weight: 1.2, opacity: looks.only && !looks.only.has(one.properties.key) ? 0.25 : 0.9, fill: false });
    L.geoJSON([...cells] as GeoJSON.Feature[], { pane: "areas", interactive: false, style: (feature) => style(feature as CellShape) } as L.GeoJSONOptions).addTo(this.all);
    this.codes.theme = looks.theme;
    this.codes.labels = cells.flatMap(labelOf);
    this.codes.invalidate();
    this.mark(cells, looks);
  }

  /** What one works on; the rest is not drawn anew. */
  mark(cells: readonly CellShape[], { picked, tried, broken, theme }: CellLooks): void {
    const tones = tonesOf(theme);
    this.marks.clearLayers();
    if (this.svg._container) patterns(this.svg._container, { dots: tones.accent, stripes: tones.ok, cross: tones.bad });
    const put = (one: CellShape, style: L.PathOptions) => L.geoJSON(one, { pane: "closed", interactive: false, style: { pane: "closed", renderer: this.svg, interactive: false, ...style } as L.PathOptions }).addTo(this.marks);
    const pattern = (name: string, opacity: number): L.PathOptions => ({ fill: true, fillColor: `url(#cell-${name})`, fillOpacity: opacity });
    for (const one of cells) {
      const { key, change } = one.properties;
      if (picked.has(key)) put(one, { color: tones.accent, weight: 4, fill: true, fillColor: tones.accent, fillOpacity: 0.18 });
      else if (change === "new") put(one, { color: tones.ok, weight: 1.5, ...pattern("stripes", 0.35) });
      else if (change === "changed") put(one, { color: tones.accent, weight: 1.5, ...pattern("dots", 0.45) });
    }
    for (const one of tried) put(one, { color: broken ? tones.bad : tones.ok, weight: 3, dashArray: "8 5", ...pattern(broken ? "cross" : "stripes", 0.4) });
  }
}

function labelOf(one: CellShape): Label[] {
  const text = shortCell(one.properties.code);
  if (!text) return [];
  const box = L.geoJSON(one).getBounds(), at = box.getCenter();
  return [{ text, at, west: L.latLng(at.lat, box.getWest()), east: L.latLng(at.lat, box.getEast()) }];
}
