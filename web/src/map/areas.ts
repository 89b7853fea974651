/** Areas and dots that carry a measure: GeoJSON polygons tinted by class, points of a set. */
import L from "./leaflet";
import type { Ground } from "./ground";

export interface AreaStyle { fill?: string; fillOpacity?: number; line?: string; width?: number; dash?: string }

/** Polygons that are shown together; a click tells which one. */
export class AreaLayer {
  private layer: L.GeoJSON | null = null;

  constructor(private readonly ground: Ground, private readonly picked?: (properties: Record<string, unknown>) => void) {}

  show(shapes: GeoJSON.GeoJsonObject | null, style: (properties: Record<string, unknown>) => AreaStyle): void {
    this.layer?.remove();
    if (!shapes) { this.layer = null; return; }
    this.layer = L.geoJSON(shapes, {
      pane: "areas",
      interactive: Boolean(this.picked),
      style: (feature) => leafletStyle(style((feature?.properties ?? {}) as Record<string, unknown>)),
      onEachFeature: (feature, layer) => { if (this.picked) layer.on("click", (event) => { L.DomEvent.stop(event); this.picked?.(feature.properties as Record<string, unknown>); }); },
    }).addTo(this.ground.map);
  }

  clear(): void {
    this.show(null, () => ({}));
  }
}

function leafletStyle(style: AreaStyle): L.PathOptions {
  return { stroke: Boolean(style.line), color: style.line ?? "transparent", weight: style.width ?? 1, ...(style.dash ? { dashArray: style.dash } : {}), fill: Boolean(style.fill), fillColor: style.fill ?? "transparent", fillOpacity: style.fillOpacity ?? 0.55 };
}

export interface Dot { lon: number; lat: number; colour: string; radius?: number; ring?: string }

/** Many small dots on one canvas. */
export class DotLayer {
  private readonly group: L.LayerGroup;
  private readonly renderer = L.canvas({ pane: "routes", padding: 0.2 });

  constructor(ground: Ground) {
    this.group = L.layerGroup().addTo(ground.map);
  }

  show(dots: readonly Dot[]): void {
    this.group.clearLayers();
    for (const dot of dots) {
      this.group.addLayer(L.circleMarker([dot.lat, dot.lon], { renderer: this.renderer, interactive: false, radius: dot.radius ?? 4, weight: dot.ring ? 1.5 : 0, color: dot.ring ?? dot.colour, fillColor: dot.colour, fillOpacity: 0.9 }));
    }
  }
}
