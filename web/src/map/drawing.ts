/** What is being drawn: corners that can be dragged, the shape between them, and the next edge under the pointer. */
import L from "./leaflet";
import { ll, pointOf, type Ground } from "./ground";
import type { Point } from "../api/types";
import { circle, type Draft } from "../draw/draft";

const INK = "#c81e3a";

export interface Hands {
  /** a corner was dragged */
  moved(at: number, point: Point): void;
  /** a double click: no more corners */
  done(): void;
}

export class DraftLayer {
  private readonly group: L.LayerGroup;
  private readonly next: L.Polyline;
  private draft: Draft | null = null;
  private adding = false;

  constructor(private readonly ground: Ground, private readonly hands: Hands) {
    this.group = L.layerGroup().addTo(ground.map);
    this.next = L.polyline([], { pane: "barred", color: INK, weight: 2, dashArray: "3 5", interactive: false }).addTo(ground.map);
    ground.map.on("mousemove", (event: L.LeafletMouseEvent) => this.follow(event.latlng));
    ground.map.on("dblclick", () => { if (this.adding) this.hands.done(); });
  }

  /** `adding`: clicks are corners now, so a double click must not zoom. */
  show(draft: Draft | null, adding: boolean): void {
    this.draft = draft;
    this.adding = adding && draft !== null;
    this.ground.map.doubleClickZoom[this.adding ? "disable" : "enable"]();
    this.group.clearLayers();
    this.next.setLatLngs([]);
    if (!draft) return;
    this.outline(draft);
    draft.points.forEach((point, i) => this.corner(point, i));
  }

  private outline({ form, points, radius_m }: Draft): void {
    const common = { pane: "barred", color: INK, weight: 4, opacity: 0.9, interactive: false } as const;
    const corners = points.map(ll), first = points[0];
    if (form === "line") L.polyline(corners, { ...common, dashArray: "9 6" }).addTo(this.group);
    else if (form === "area") L.polygon(corners, { ...common, weight: 3, fillOpacity: 0.15 }).addTo(this.group);
    else if (first) L.polygon(circle(first, radius_m).map(([lon, lat]): L.LatLngTuple => [lat, lon]), { ...common, weight: 3, fillOpacity: 0.15 }).addTo(this.group);
  }

  private corner(point: Point, i: number): void {
    const icon = L.divIcon({ className: "corner", html: document.createElement("i"), iconSize: [22, 22], iconAnchor: [11, 11] });
    const marker = L.marker(ll(point), { icon, draggable: true, keyboard: false, zIndexOffset: 1200 }).addTo(this.group);
    marker.on("dragend", () => this.hands.moved(i, pointOf(marker.getLatLng())));
  }

  private follow(at: L.LatLng): void {
    const last = this.draft?.points.at(-1);
    this.next.setLatLngs(this.adding && last && this.draft?.form !== "circle" ? [ll(last), at] : []);
  }
}
