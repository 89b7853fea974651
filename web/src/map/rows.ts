/** Rows of a file where they would land: a sign each by what becomes of them, and the outline of what is more than a point. */
import L from "./leaflet";
import type { RowVerdict } from "../api/imports";
import type { Point } from "../api/types";
import type { Theme } from "../ui/theme";
import type { Ground } from "./ground";
import { drawMark, tonesOf, VERDICT_MARKS } from "./marks";
import { Overlay } from "./overlay";

export interface RowMark { at: number; verdict: RowVerdict; point: Point; shape: GeoJSON.Geometry | null }

/** What needs somebody lies on top. */
const ORDER: RowVerdict[] = ["same", "gone", "new", "added", "changed", "rejected"];
const REACH = 14;

class SignOverlay extends Overlay {
  marks: readonly RowMark[] = [];
  chosen: number | null = null;
  theme: Theme = "light";

  protected draw(ctx: CanvasRenderingContext2D): boolean {
    const size = (this.map.getZoom() >= 15 ? 18 : 14) * this.size, box = this.map.getSize();
    for (const mark of this.marks) {
      const { x, y } = this.pixel(mark.point);
      if (x < -20 || y < -20 || x > box.x + 20 || y > box.y + 20) continue;
      ctx.save();
      ctx.translate(x, y);
      if (mark.at === this.chosen) { ctx.beginPath(); ctx.arc(0, 0, size * 0.95, 0, 7); ctx.lineWidth = 3; ctx.strokeStyle = tonesOf(this.theme).accent; ctx.stroke(); }
      drawMark(ctx, VERDICT_MARKS[mark.verdict], mark.at === this.chosen ? size * 1.25 : size, this.theme);
      ctx.restore();
    }
    return false;
  }

  /** the row whose sign lies nearest under a pixel */
  hit(x: number, y: number): number | null {
    let best: number | null = null, near = REACH;
    for (const mark of this.marks) {
      const seen = this.pixel(mark.point), far = Math.hypot(seen.x - x, seen.y - y);
      if (far <= near) { best = mark.at; near = far; }
    }
    return best;
  }
}

export class RowLayer {
  private readonly signs: SignOverlay;
  private readonly outlines: L.LayerGroup;
  private readonly renderer = L.canvas({ pane: "areas", padding: 0.2 });

  constructor(ground: Ground) {
    this.outlines = L.layerGroup().addTo(ground.map);
    this.signs = new SignOverlay(ground, "signs");
  }

  show(marks: readonly RowMark[], theme: Theme): void {
    this.signs.marks = [...marks].sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
    this.signs.theme = theme;
    this.outlines.clearLayers();
    for (const { shape, verdict } of marks) {
      if (!shape || shape.type === "Point" || shape.type === "MultiPoint") continue;
      const colour = tonesOf(theme)[VERDICT_MARKS[verdict].colour];
      L.geoJSON(shape, { pane: "areas", interactive: false, style: { pane: "areas", renderer: this.renderer, interactive: false, color: colour, weight: 1.5, fillColor: colour, fillOpacity: 0.12, ...(verdict === "gone" ? { dashArray: "4 4" } : {}) } as L.PathOptions }).addTo(this.outlines);
    }
    this.signs.invalidate();
  }

  choose(at: number | null): void {
    this.signs.chosen = at;
    this.signs.invalidate();
  }

  hit(x: number, y: number): number | null {
    return this.signs.hit(x, y);
  }
}
