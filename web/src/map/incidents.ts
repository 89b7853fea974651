/** Cases on the map: signs, and rings of shares where they lie too close together. */
import Supercluster, { type ClusterProperties } from "supercluster";
import { drawCluster, drawSign, inksOf, type Inks, type Shares } from "./brush";
import type { Ground } from "./ground";
import { calm, Overlay } from "./overlay";
import type { Inside, Sign } from "./sign";
import type { Point } from "../api/types";
import type { Theme } from "../ui/theme";

export interface Mark { id: number; point: Point; sign: Sign; title: string }
interface Props { mark: Mark }
interface Totals extends Shares { danger: number }

const GROUPS: Record<Inside, keyof Shares> = { filled: "waiting", half: "offered", arrow: "under_way", dot: "under_way", ring: "verify", tick: "done" };
const HALO_MS = 2400;
const one = (mark: Mark): Totals => ({ waiting: 0, offered: 0, under_way: 0, verify: 0, done: 0, danger: mark.sign.priority === 1 && !mark.sign.faded ? 1 : 0, [GROUPS[mark.sign.inside]]: 1 });
const add = (into: Totals, more: Totals): void => { for (const key of Object.keys(more) as (keyof Totals)[]) into[key] += more[key]; };

const pointAt = ([lon = 0, lat = 0]: number[]): Point => ({ lon, lat });

export type Hit = { mark: Mark } | { cluster: number; point: Point; count: number };

export class IncidentLayer extends Overlay {
  private index = new Supercluster<Props, Totals>({ radius: 20 * this.size, maxZoom: 18, extent: 256, map: (p) => one(p.mark), reduce: add });
  private drawn: { x: number; y: number; r: number; hit: Hit }[] = [];
  private inks: Inks = inksOf("light");
  private selected: Mark | null = null;

  constructor(ground: Ground) {
    super(ground, "signs");
  }

  /** Show these cases; the selected one is never hidden in a cluster. */
  show(marks: readonly Mark[], selected: number | null, theme: Theme): void {
    this.inks = inksOf(theme);
    this.selected = marks.find((mark) => mark.id === selected) ?? null;
    const rest = marks.filter((mark) => mark.id !== selected);
    this.index.load(rest.map((mark) => ({ type: "Feature", geometry: { type: "Point", coordinates: [mark.point.lon, mark.point.lat] }, properties: { mark } })));
    this.invalidate();
  }

  /** What lies under a position in pixels of the map, the topmost first. */
  hit(x: number, y: number): Hit | null {
    for (let i = this.drawn.length - 1; i >= 0; i--) {
      const it = this.drawn[i];
      if (it && Math.hypot(it.x - x, it.y - y) <= it.r) return it.hit;
    }
    return null;
  }

  /** The zoom at which a cluster falls apart. */
  opensAt(cluster: number): number {
    return Math.min(19, this.index.getClusterExpansionZoom(cluster));
  }

  protected draw(ctx: CanvasRenderingContext2D, at: number): boolean {
    const b = this.map.getBounds().pad(0.1);
    const found = this.index.getClusters([b.getWest(), b.getSouth(), b.getEast(), b.getNorth()], this.map.getZoom());
    this.drawn = [];
    let alive = false;
    const placed = found.map((feature) => ({ feature, point: pointAt(feature.geometry.coordinates) }));
    for (const { feature, point } of placed.sort((a, c) => c.point.lat - a.point.lat)) {
      if ("cluster" in feature.properties && feature.properties.cluster) this.drawRing(ctx, point, feature.properties as ClusterProperties & Totals);
      else alive = this.drawMark(ctx, (feature.properties as Props).mark, at) || alive;
    }
    if (this.selected) alive = this.drawMark(ctx, this.selected, at, true) || alive;
    return alive;
  }

  private drawRing(ctx: CanvasRenderingContext2D, point: Point, of: ClusterProperties & Totals): void {
    const { x, y } = this.pixel(point);
    ctx.save();
    ctx.translate(x, y);
    ctx.scale(this.size, this.size);
    drawCluster(ctx, of, of.point_count, of.danger > 0, this.inks);
    ctx.restore();
    this.drawn.push({ x, y, r: 22 * this.size, hit: { cluster: of.cluster_id, point, count: of.point_count } });
  }

  private drawMark(ctx: CanvasRenderingContext2D, mark: Mark, at: number, selected = false): boolean {
    const { x, y } = this.pixel(mark.point);
    ctx.save();
    ctx.translate(x, y);
    ctx.scale(this.size, this.size);
    if (mark.sign.fresh) this.drawHalo(ctx, mark, at);
    if (selected) { ctx.beginPath(); ctx.arc(0, 0, 20, 0, Math.PI * 2); ctx.lineWidth = 5; ctx.strokeStyle = this.inks.paper; ctx.stroke(); ctx.lineWidth = 2.5; ctx.strokeStyle = this.inks.accent; ctx.stroke(); }
    drawSign(ctx, mark.sign, this.inks, selected ? 1.2 : 1);
    ctx.restore();
    this.drawn.push({ x, y, r: 15 * this.size, hit: { mark } });
    return mark.sign.fresh && !calm();
  }

  private drawHalo(ctx: CanvasRenderingContext2D, mark: Mark, at: number): void {
    const phase = calm() ? 0.3 : (at % HALO_MS) / HALO_MS;
    ctx.beginPath();
    ctx.arc(0, 0, 12 + phase * 14, 0, Math.PI * 2);
    ctx.globalAlpha = 0.45 * (1 - phase);
    ctx.lineWidth = 3;
    ctx.strokeStyle = this.inks.priority[mark.sign.priority];
    ctx.stroke();
    ctx.globalAlpha = 1;
  }
}
