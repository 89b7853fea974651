/** The map itself: where one looks, what lies on it, and what is picked. Pages speak to it in our own words. */
import L from "./leaflet";
import { baseLayer, type Looks } from "./base";
import { calm } from "./overlay";
import type { DistrictBrief, Point, RasterSource } from "../api/types";

export type Bounds = [west: number, south: number, east: number, north: number];

export interface GroundOptions {
  district: DistrictBrief;
  looks: Looks;
  /** whether cell tiles may be asked for (the server refuses residents); as `cells` where it is not given */
  staff?: boolean;
  /** cell boundaries and codes */
  cells?: boolean;
  zoomButtons?: boolean;
  label: string;
}

/** A click: where on the ground, and where in pixels of the map. */
export interface Pick { point: Point; x: number; y: number }

export const ll = (point: Point): L.LatLngTuple => [point.lat, point.lon];
/** Everything, as a ring around which the place is cut out: what lies outside is veiled. */
const WORLD: L.LatLngTuple[] = [[-85, -180], [85, -180], [85, 180], [-85, 180]];
const corners = (b: L.LatLngBounds) => [b.getSouthWest(), b.getNorthWest(), b.getNorthEast(), b.getSouthEast()];
const boundsOf = ([w, s, e, n]: Bounds) => L.latLngBounds([s, w], [n, e]);

export class Ground {
  readonly map: L.Map;
  private base: ReturnType<typeof baseLayer>;
  private raster: L.TileLayer | null = null;
  private pinned: L.Marker | null = null;
  private looks: Looks;
  private picked: ((pick: Pick) => void)[] = [];

  constructor(element: HTMLElement, private readonly options: GroundOptions) {
    const { district, looks } = options;
    const bounds = boundsOf(district.bounds);
    this.looks = { ...looks, cells: options.cells ?? false };
    this.map = L.map(element, { zoomControl: false, attributionControl: false, minZoom: 9, maxZoom: 19, zoomSnap: 1, maxBounds: bounds.pad(1.2), keyboardPanDelta: 120, center: ll(district.centre), zoom: 14 });
    element.setAttribute("aria-label", options.label);
    element.setAttribute("role", "application");
    for (const [name, z] of [["outside", 250], ["areas", 300], ["closed", 405], ["routes", 410], ["barred", 445], ["signs", 450], ["stops", 455], ["people", 460], ["beside", 470]] as const) this.map.createPane(name).style.zIndex = String(z);
    L.control.attribution({ prefix: false, position: "bottomright" }).addAttribution(district.attribution || "© OpenStreetMap contributors").addTo(this.map);
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 90 }).addTo(this.map);
    if (options.zoomButtons !== false) L.control.zoom({ position: "bottomright" }).addTo(this.map);
    this.base = baseLayer(district.id, bounds, this.looks, options.staff ?? options.cells ?? false);
    this.base.layer.addTo(this.map);
    L.polygon([WORLD, corners(bounds)], { pane: "outside", renderer: L.svg({ pane: "outside", padding: 1 }), className: "outside", interactive: false }).addTo(this.map);
    this.map.on("click", (event: L.LeafletMouseEvent) => this.tell({ point: pointOf(event.latlng), x: event.containerPoint.x, y: event.containerPoint.y }));
    this.whole(bounds);
  }

  /** Draw in another theme or language; nothing is fetched again. */
  restyle(looks: Looks): void {
    this.looks = { ...this.looks, ...looks };
    this.base.restyle(this.looks);
    if (this.raster && !this.map.hasLayer(this.base.layer)) this.base.cellsOver(this.map);
  }

  showCells(on: boolean): void {
    if ((this.looks.cells ?? false) !== on) this.restyle({ ...this.looks, cells: on });
  }

  /** The ground itself has changed: ask for its tiles anew. */
  renew(): void {
    const old = this.base, shown = this.map.hasLayer(old.layer);
    this.base = baseLayer(this.options.district.id, boundsOf(this.options.district.bounds), this.looks, this.options.staff ?? this.options.cells ?? false);
    old.cellsOver(null);
    if (shown) this.base.layer.addTo(this.map);
    else this.base.cellsOver(this.map);
    old.layer.remove();
  }

  /** Put a raster source in place of the drawn base map, which stays until the first picture is there; null brings it back. `silent` is told when no picture comes. */
  useRaster(source: RasterSource | null, silent?: () => void): void {
    if (this.raster) {
      this.map.attributionControl.removeAttribution(this.raster.options.attribution ?? "");
      this.raster.off().remove();
    }
    this.raster = null;
    this.base.cellsOver(null);
    this.base.layer.addTo(this.map);
    if (!source) return;
    const raster = L.tileLayer(source.url, { attribution: source.attribution, maxZoom: 19, zIndex: 2 });
    let heard = false;
    raster.once("tileload", () => { heard = true; this.base.layer.remove(); this.base.cellsOver(this.map); });
    raster.once("tileerror", () => { if (!heard) silent?.(); });
    this.raster = raster.addTo(this.map);
  }

  showFacilities(on: boolean): void {
    if ((this.looks.facilities ?? true) !== on) this.restyle({ ...this.looks, facilities: on });
  }

  onPick(deed: (pick: Pick) => void): () => void {
    this.picked.unshift(deed);
    return () => { this.picked = this.picked.filter((other) => other !== deed); };
  }

  /** Only the newest listener hears a click: whoever asks for a pin comes before the selection. */
  private tell(pick: Pick): void {
    this.picked[0]?.(pick);
  }

  go(point: Point, zoom?: number): void {
    this.map.setView(ll(point), Math.max(zoom ?? 17, zoom ? 0 : this.map.getZoom()), { animate: !calm() });
  }

  /** Bring a point into view without changing the zoom, keeping clear of the edges (px: left, top, right, bottom). */
  reveal(point: Point, margin = 60): void {
    this.map.panInside(ll(point), { padding: [margin, margin], animate: !calm() });
  }

  fit(bounds: Bounds | Point[], padding = 40): void {
    const box = Array.isArray(bounds[0]) || typeof bounds[0] === "object" ? L.latLngBounds((bounds as Point[]).map(ll)) : boundsOf(bounds as Bounds);
    if (box.isValid()) this.map.fitBounds(box, { padding: [padding, padding], maxZoom: 17, animate: !calm() });
  }

  home(): void {
    this.whole(boundsOf(this.options.district.bounds));
  }

  /** The place as large as it goes; a rim may be cut off where that doubles the size of the rest. */
  private whole(bounds: L.LatLngBounds): void {
    const fitting = this.map.getBoundsZoom(bounds), size = this.map.getSize();
    this.map.setMinZoom(Math.max(9, Math.min(12, fitting - 2)));
    const nw = this.map.project(bounds.getNorthWest(), fitting + 1), se = this.map.project(bounds.getSouthEast(), fitting + 1);
    const shown = Math.min(1, size.x / (se.x - nw.x)) * Math.min(1, size.y / (se.y - nw.y));
    this.map.setView(bounds.getCenter(), shown > 0.75 ? fitting + 1 : fitting, { animate: false });
  }

  centre(): Point {
    return pointOf(this.map.getCenter());
  }

  /** The middle of the map in pixels. */
  middle(): { x: number; y: number } {
    const size = this.map.getSize();
    return { x: size.x / 2, y: size.y / 2 };
  }

  zoom(): number {
    return this.map.getZoom();
  }

  bounds(): Bounds {
    const b = this.map.getBounds();
    return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()];
  }

  onMove(deed: () => void): void {
    this.map.on("moveend", deed);
  }

  /** The one pin of a form; null takes it away. `moved` is called when it was dragged. */
  pin(point: Point | null, moved?: (point: Point) => void, label = ""): void {
    if (!point) { this.pinned?.remove(); this.pinned = null; return; }
    if (!this.pinned) {
      const icon = L.divIcon({ className: "pin", iconSize: [28, 36], iconAnchor: [14, 34] });
      this.pinned = L.marker(ll(point), { icon, draggable: Boolean(moved), keyboard: false, alt: label, zIndexOffset: 1000 }).addTo(this.map);
      this.pinned.on("dragend", () => { const at = this.pinned?.getLatLng(); if (at) moved?.(pointOf(at)); });
    }
    this.pinned.setLatLng(ll(point));
  }

  /** The page around the map changed its size. */
  resized(): void {
    this.map.invalidateSize({ animate: false });
  }

  destroy(): void {
    this.map.remove();
  }
}

export const pointOf = (at: L.LatLng): Point => ({ lon: at.lng, lat: at.lat });

/** Ask on every movement of the pointer whether something lies there; the cursor says so. */
export function hover(ground: Ground, found: (x: number, y: number) => boolean): void {
  const box = ground.map.getContainer();
  ground.map.on("mousemove", (event: L.LeafletMouseEvent) => { box.classList.toggle("over-sign", found(event.containerPoint.x, event.containerPoint.y)); });
  ground.map.on("mouseout movestart", () => { found(-99, -99); box.classList.remove("over-sign"); });
}
