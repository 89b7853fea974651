/** A canvas over the map that is drawn anew when the map or the data moved. No element per sign: thousands stay smooth. */
import L from "./leaflet";
import type { Ground } from "./ground";
import type { Point } from "../api/types";

type Inner = L.Map & { _getMapPanePos(): L.Point; _getCenterOffset(at: L.LatLng): L.Point };

/** Whether somebody asked their system for stillness. */
export const calm = (): boolean => globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;

export abstract class Overlay {
  protected readonly canvas = document.createElement("canvas");
  private readonly ctx: CanvasRenderingContext2D | null;
  private frame = 0;
  protected readonly map: L.Map;
  /** a wall is read from afar: signs grow with the panels beside the map */
  protected readonly size = globalThis.matchMedia?.("(min-width: 2600px)").matches ? 1.5 : 1;

  constructor(ground: Ground, pane: string) {
    this.map = ground.map;
    this.canvas.className = "signs leaflet-zoom-animated";
    this.ctx = this.canvas.getContext("2d");
    this.map.getPane(pane)?.append(this.canvas);
    this.map.on("move viewreset zoomend resize moveend", this.invalidate, this);
    this.map.on("zoomanim", this.follow, this);
    this.map.on("unload", () => cancelAnimationFrame(this.frame));
  }

  /** Draw in the next frame. Return true to be drawn again in the frame after. */
  protected abstract draw(ctx: CanvasRenderingContext2D, at: number): boolean;

  invalidate(): void {
    if (!this.frame) this.frame = requestAnimationFrame((at) => this.paint(at));
  }

  protected pixel(point: Point): L.Point {
    return this.map.latLngToContainerPoint([point.lat, point.lon]);
  }

  /** Keep up with Leaflet's zoom animation, as a stretched picture, until the zoom has ended. */
  private follow(event: L.LeafletEvent): void {
    const { zoom, center } = event as L.ZoomAnimEvent;
    const inner = this.map as Inner;
    const scale = this.map.getZoomScale(zoom);
    const offset = inner._getCenterOffset(center).multiplyBy(-scale).subtract(inner._getMapPanePos());
    L.DomUtil.setTransform(this.canvas, offset, scale);
  }

  private paint(at: number): void {
    this.frame = 0;
    if (!this.ctx) return;
    const size = this.map.getSize(), dpr = globalThis.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(size.x * dpr) || this.canvas.height !== Math.round(size.y * dpr)) {
      this.canvas.width = Math.round(size.x * dpr);
      this.canvas.height = Math.round(size.y * dpr);
      this.canvas.style.width = `${size.x}px`;
      this.canvas.style.height = `${size.y}px`;
    }
    L.DomUtil.setPosition(this.canvas, this.map.containerPointToLayerPoint([0, 0]));
    this.ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    this.ctx.clearRect(0, 0, size.x, size.y);
    if (this.draw(this.ctx, at)) this.invalidate();
  }
}
