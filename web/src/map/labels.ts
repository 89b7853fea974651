/** Label symbolizers of our own: names that follow their road, Chinese signs that stay upright, points by importance. */
import Point from "@mapbox/point-geometry";
import type { Bbox, Feature, Label, LabelSymbolizer, Layout } from "protomaps-leaflet";

export type Value = (zoom: number, feature: Feature) => string | undefined;

interface Glyph { text: string; x: number; y: number; angle: number }

const CJK = /[\u2e80-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]/;
const GENTLE = 0.5; // radians that a name may bend between two glyphs

export const family = () => getComputedStyle(document.documentElement).getPropertyValue("--font") || "sans-serif";

/** A point `at` pixels along a line, with the direction there; null beyond its end. */
export function along(line: readonly Point[], at: number): { x: number; y: number; angle: number } | null {
  let walked = 0;
  for (let i = 1; i < line.length; i++) {
    const a = line[i - 1] as Point, b = line[i] as Point;
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    if (length > 0 && walked + length >= at) {
      const f = (at - walked) / length;
      return { x: a.x + (b.x - a.x) * f, y: a.y + (b.y - a.y) * f, angle: Math.atan2(b.y - a.y, b.x - a.x) };
    }
    walked += length;
  }
  return null;
}

export function lengthOf(line: readonly Point[]): number {
  let sum = 0;
  for (let i = 1; i < line.length; i++) sum += Math.hypot((line[i] as Point).x - (line[i - 1] as Point).x, (line[i] as Point).y - (line[i - 1] as Point).y);
  return sum;
}

const turn = (a: number, b: number) => Math.abs(Math.atan2(Math.sin(a - b), Math.cos(a - b)));

/** Glyphs along the middle of a line, read left to right (upright signs: or top to bottom); null where it bends too much. */
export function layGlyphs(line: Point[], text: string, advance: (part: string) => number, upright: boolean, size: number): Glyph[] | null {
  const pieces = [...text];
  const step = size * 1.12;
  const width = upright ? step * pieces.length : advance(text);
  const room = lengthOf(line);
  if (room < width + 8) return null;
  const start = (room - width) / 2;
  const first = along(line, start), last = along(line, start + width);
  if (!first || !last) return null;
  const steep = Math.abs(last.y - first.y) > Math.abs(last.x - first.x) * 1.2;
  const backwards = upright && steep ? last.y < first.y : last.x < first.x;
  const path = backwards ? [...line].reverse() : line;
  return glyphs(path, pieces, start, upright ? () => step : advance, upright);
}

function glyphs(path: Point[], pieces: string[], start: number, advance: (part: string) => number, upright: boolean): Glyph[] | null {
  const laid: Glyph[] = [];
  let prefix = "", walked = 0, before: number | null = null;
  for (const piece of pieces) {
    prefix += piece;
    const end = upright ? walked + advance(piece) : advance(prefix);
    const at = along(path, start + (walked + end) / 2);
    if (!at || (before !== null && turn(at.angle, before) > GENTLE)) return null;
    laid.push({ text: piece, x: at.x, y: at.y, angle: upright ? 0 : at.angle });
    before = at.angle;
    walked = end;
  }
  return laid;
}

const boxOf = (g: Glyph, size: number): Bbox => ({ minX: g.x - size * 0.6, minY: g.y - size * 0.6, maxX: g.x + size * 0.6, maxY: g.y + size * 0.6 });

function straight(laid: Glyph[]): boolean {
  const first = laid[0]?.angle ?? 0;
  return laid.every((g) => turn(g.angle, first) < 0.02);
}

export interface Style { size: (zoom: number, f: Feature) => number; weight?: number | ((zoom: number, f: Feature) => number); colour: string | ((f: Feature) => string); halo: string; italic?: boolean }

const colourOf = (style: Style, f: Feature) => (typeof style.colour === "string" ? style.colour : style.colour(f));
const weightOf = (style: Style, z: number, f: Feature) => (typeof style.weight === "function" ? style.weight(z, f) : (style.weight ?? 400));
const fontOf = (style: Style, z: number, f: Feature) => `${style.italic ? "italic " : ""}${weightOf(style, z, f)} ${style.size(z, f)}px ${family()}`;

function pen(ctx: CanvasRenderingContext2D, font: string, halo: string, fill: string): void {
  ctx.globalAlpha = 1; // the painter leaves behind what its last rule used
  ctx.font = font;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3;
  ctx.strokeStyle = halo;
  ctx.fillStyle = fill;
}

/** A name along its line. Repeats only after `every` pixels. */
export class LineName implements LabelSymbolizer {
  constructor(private readonly name: Value, private readonly style: Style, private readonly every = 260) {}

  place(layout: Layout, geom: Point[][], feature: Feature): Label[] | undefined {
    const text = this.name(layout.zoom, feature);
    if (!text) return undefined;
    const size = this.style.size(layout.zoom, feature);
    const font = fontOf(this.style, layout.zoom, feature);
    layout.scratch.font = font;
    const upright = CJK.test(text);
    const lines = [...geom].sort((a, b) => lengthOf(b) - lengthOf(a)).slice(0, 2);
    const labels = lines.map((line) => {
      const laid = layGlyphs(line, text, (part) => layout.scratch.measureText(part).width, upright, size);
      return laid && this.label(laid, text, size, font, feature, upright);
    });
    return labels.filter((label) => label !== null);
  }

  private label(laid: Glyph[], text: string, size: number, font: string, feature: Feature, upright: boolean): Label {
    const middle = laid[Math.floor(laid.length / 2)] as Glyph;
    const anchor = new Point(middle.x, middle.y);
    const whole = !upright && straight(laid);
    const mid = centreOf(laid);
    const draw = (ctx: CanvasRenderingContext2D) => {
      pen(ctx, font, this.style.halo, colourOf(this.style, feature));
      const parts = whole ? [{ text, x: mid.x, y: mid.y, angle: middle.angle }] : laid;
      for (const stroke of [true, false]) for (const part of parts) inked(ctx, part, anchor, stroke);
    };
    return { anchor, bboxes: laid.filter((_, i) => i % 2 === 0 || i === laid.length - 1).map((g) => boxOf(g, size)), draw, deduplicationKey: text, deduplicationDistance: this.every };
  }
}

function centreOf(laid: Glyph[]): { x: number; y: number } {
  const a = laid[0] as Glyph, b = laid[laid.length - 1] as Glyph;
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function inked(ctx: CanvasRenderingContext2D, part: Glyph, anchor: Point, stroke: boolean): void {
  ctx.save();
  ctx.translate(part.x - anchor.x, part.y - anchor.y);
  ctx.rotate(part.angle);
  if (stroke) ctx.strokeText(part.text, 0, 0);
  else ctx.fillText(part.text, 0, 0);
  ctx.restore();
}

/** Break a name into lines of about `wide` Latin or half as many Chinese signs. */
export function wrapped(text: string, wide = 16): string[] {
  if (CJK.test(text) && !text.includes(" ")) {
    const half = Math.ceil(wide / 2);
    return text.length <= half ? [text] : [text.slice(0, Math.ceil(text.length / 2)), text.slice(Math.ceil(text.length / 2))];
  }
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== undefined && (last + " " + word).length <= wide) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export type Pictogram = (feature: Feature) => CanvasImageSource | null;

/** A name at a point or in the middle of an area, with a pictogram above it where it has one. */
export class PointName implements LabelSymbolizer {
  constructor(private readonly name: Value, private readonly style: Style, private readonly more: { icon?: Pictogram; iconSize?: number; wide?: number; textFrom?: number; tight?: boolean } = {}) {}

  place(layout: Layout, geom: Point[][], feature: Feature): Label[] | undefined {
    const at = geom[0]?.[0];
    if (!at) return undefined;
    const icon = this.more.icon?.(feature) ?? null;
    const text = layout.zoom >= (this.more.textFrom ?? 0) ? this.name(layout.zoom, feature) : undefined;
    if (!text && !icon) return undefined;
    const size = this.style.size(layout.zoom, feature);
    const font = fontOf(this.style, layout.zoom, feature);
    layout.scratch.font = font;
    const lines = text ? wrapped(text, this.more.wide) : [];
    const width = Math.max(0, ...lines.map((line) => layout.scratch.measureText(line).width));
    return this.fitting(layout, new Point(at.x, at.y), icon, lines, width, size, font, feature);
  }

  /** With its words if there is room, else the pictogram alone. */
  private fitting(layout: Layout, anchor: Point, icon: CanvasImageSource | null, lines: string[], width: number, size: number, font: string, feature: Feature): Label[] | undefined {
    const whole = this.label(anchor, icon, lines, width, size, font, feature);
    if (!layout.index.labelCollides(whole, layout.order)) return [whole];
    if (!icon || !lines.length) return undefined;
    const bare = this.label(anchor, icon, [], 0, size, font, feature);
    return layout.index.labelCollides(bare, layout.order) ? undefined : [bare];
  }

  private label(anchor: Point, icon: CanvasImageSource | null, lines: string[], width: number, size: number, font: string, feature: Feature): Label {
    const box = icon ? (this.more.iconSize ?? 15) : 0;
    const pad = this.more.tight ? 1 : 4;
    const height = lines.length * size * 1.2;
    const top = icon ? -box / 2 : -height / 2;
    const textTop = icon ? box / 2 + 2 : -height / 2;
    const half = Math.max(width, box) / 2 + pad;
    const bboxes = [{ minX: anchor.x - half, maxX: anchor.x + half, minY: anchor.y + top - pad, maxY: anchor.y + (lines.length ? textTop + height : box / 2) + pad }];
    const draw = (ctx: CanvasRenderingContext2D) => {
      if (icon) ctx.drawImage(icon, -box / 2, -box / 2, box, box);
      pen(ctx, font, this.style.halo, colourOf(this.style, feature));
      lines.forEach((line, i) => {
        const y = textTop + (i + 0.5) * size * 1.2;
        ctx.strokeText(line, 0, y);
        ctx.fillText(line, 0, y);
      });
    };
    const key = lines.join(" ");
    return key ? { anchor, bboxes, draw, deduplicationKey: key, deduplicationDistance: 120 } : { anchor, bboxes, draw };
  }
}

/** A small mark where one goes in. Takes no room from names. */
export class Entrance implements LabelSymbolizer {
  constructor(private readonly colour: string) {}

  place(_: Layout, geom: Point[][]): Label[] | undefined {
    const at = geom[0]?.[0];
    if (!at) return undefined;
    const draw = (ctx: CanvasRenderingContext2D) => { ctx.fillStyle = this.colour; ctx.fillRect(-2, -2, 4, 4); };
    return [{ anchor: new Point(at.x, at.y), bboxes: [{ minX: at.x - 2, minY: at.y - 2, maxX: at.x + 2, maxY: at.y + 2 }], draw }];
  }
}
