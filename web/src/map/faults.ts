/** What is wrong with a division, on the map: hatching over the place and a sign on it, so that colour is never alone. */
import L from "./leaflet";
import type { Fault } from "../api/divisions";
import type { ClosedShape } from "../api/roads";
import type { Theme } from "../ui/theme";
import { hatched, middleOf } from "./closures";
import { ll, type Ground } from "./ground";
import { faultMark, markSvg, tonesOf } from "./marks";

type Rendered = L.SVG & { _container?: SVGElement };
const HATCH = "fault-hatch";
/** more signs than this would hide the map */
export const MOST_SIGNS = 400;

/** Where a fault lies, for its sign and for going there; null where it has no place. */
export function placeOf(shape: GeoJSON.Geometry | null): { lon: number; lat: number } | null {
  if (!shape) return null;
  if (shape.type === "Point") { const [lon = 0, lat = 0] = shape.coordinates; return { lon, lat }; }
  if (shape.type === "MultiPoint") { const [lon = 0, lat = 0] = shape.coordinates[0] ?? []; return { lon, lat }; }
  if (shape.type === "GeometryCollection") return placeOf(shape.geometries[0] ?? null);
  return middleOf(shape as ClosedShape);
}

export class FaultLayer {
  private readonly group: L.LayerGroup;
  private readonly renderer: Rendered = L.svg({ pane: "closed", padding: 0.3 });

  constructor(ground: Ground, private readonly picked: (key: string) => boolean) {
    this.renderer.addTo(ground.map);
    this.group = L.layerGroup().addTo(ground.map);
  }

  show(faults: readonly Fault[], chosen: string | null, theme: Theme): void {
    this.group.clearLayers();
    const { bad } = tonesOf(theme);
    if (this.renderer._container) hatched(this.renderer._container, HATCH, bad);
    for (const one of faults) this.place(one, one.key === chosen, bad);
    const top = chosen === null ? [] : faults.filter((one) => one.key === chosen);
    for (const one of [...faults.filter((one) => one.key !== chosen).slice(0, MOST_SIGNS), ...top]) this.sign(one, one.key === chosen, theme);
  }

  private place({ geometry }: Fault, chosen: boolean, bad: string): void {
    if (!geometry || geometry.type === "Point" || geometry.type === "MultiPoint") return;
    const line = geometry.type.endsWith("LineString");
    L.geoJSON(geometry, { pane: "closed", interactive: false, style: { pane: "closed", renderer: this.renderer, interactive: false, color: bad, weight: chosen ? 4 : 2, dashArray: line ? "2 5" : "5 3", fill: !line, fillColor: `url(#${HATCH})`, fillOpacity: 0.75 } as L.PathOptions }).addTo(this.group);
  }

  private sign(fault: Fault, chosen: boolean, theme: Theme): void {
    const at = placeOf(fault.geometry), size = chosen ? 32 : 24, box = document.createElement("span");
    if (!at) return;
    box.append(markSvg(faultMark(fault.kind), size, theme));
    const icon = L.divIcon({ className: "barred", html: box, iconSize: [size, size], iconAnchor: [size / 2, size * 0.8] });
    L.marker(ll(at), { icon, pane: "barred", keyboard: false, bubblingMouseEvents: true, title: fault.message, zIndexOffset: chosen ? 500 : 0 }).on("click", (event) => { if (this.picked(fault.key)) L.DomEvent.stop(event); }).addTo(this.group);
  }
}
