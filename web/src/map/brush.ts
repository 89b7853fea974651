/** Draws signs on a canvas. One function for the map, the legend and the list, so that they can never differ. */
import type { Theme } from "../ui/theme";
import type { Shape, Sign } from "./sign";

export interface Inks { priority: Record<1 | 2 | 3 | 4, string>; paper: string; ink: string; quiet: string; ok: string; accent: string }

const LIGHT: Inks = { priority: { 1: "#c81e3a", 2: "#d97706", 3: "#1d6fb8", 4: "#5b6472" }, paper: "#ffffff", ink: "#171c24", quiet: "#657080", ok: "#23754a", accent: "#1a5fb4" };
const DARK: Inks = { priority: { 1: "#ff5c74", 2: "#f5a524", 3: "#5aa9f0", 4: "#9aa4b2" }, paper: "#171c25", ink: "#e9edf3", quiet: "#929eae", ok: "#6ccf9a", accent: "#6cb0f5" };

export const inksOf = (theme: Theme): Inks => (theme === "dark" ? DARK : LIGHT);

const RADIUS: Record<Shape, number> = { diamond: 11, triangle: 11, disc: 9, small: 6.5 };

function outline(ctx: CanvasRenderingContext2D, shape: Shape, r: number): void {
  ctx.beginPath();
  if (shape === "diamond") { ctx.moveTo(0, -r); ctx.lineTo(r, 0); ctx.lineTo(0, r); ctx.lineTo(-r, 0); ctx.closePath(); }
  else if (shape === "triangle") { ctx.moveTo(0, -r); ctx.lineTo(r * 0.95, r * 0.75); ctx.lineTo(-r * 0.95, r * 0.75); ctx.closePath(); }
  else ctx.arc(0, 0, r, 0, Math.PI * 2);
}

/** One sign, centred at 0, 0. `scale` 1 is the size on the map. */
export function drawSign(ctx: CanvasRenderingContext2D, sign: Sign, inks: Inks, scale = 1): void {
  const r = RADIUS[sign.shape] * scale;
  const colour = inks.priority[sign.priority];
  ctx.save();
  ctx.lineJoin = "round";
  ctx.globalAlpha = sign.faded ? 0.55 : 1;
  outline(ctx, sign.shape, r);
  ctx.lineWidth = (sign.late ? 8 : 4.5) * scale;
  ctx.strokeStyle = inks.paper;
  ctx.stroke();
  if (sign.late) { ctx.lineWidth = 5.5 * scale; ctx.strokeStyle = colour; ctx.stroke(); ctx.lineWidth = 3.4 * scale; ctx.strokeStyle = inks.paper; ctx.stroke(); }
  ctx.fillStyle = sign.inside === "filled" ? colour : inks.paper;
  ctx.fill();
  ctx.lineWidth = 2 * scale;
  ctx.strokeStyle = colour;
  ctx.stroke();
  drawInside(ctx, sign, colour, r, scale);
  if (sign.late) drawClock(ctx, r, inks, scale);
  ctx.restore();
}

function drawInside(ctx: CanvasRenderingContext2D, sign: Sign, colour: string, r: number, scale: number): void {
  const y = sign.shape === "triangle" ? r * 0.22 : 0;
  const k = sign.shape === "triangle" ? r * 0.72 : sign.shape === "diamond" ? r * 0.8 : r;
  ctx.fillStyle = ctx.strokeStyle = colour;
  switch (sign.inside) {
    case "half":
      ctx.save(); outline(ctx, sign.shape, r); ctx.clip(); ctx.fillRect(-r * 2, -r * 2, r * 2, r * 4); ctx.restore(); return;
    case "dot": ctx.beginPath(); ctx.arc(0, y, k * 0.42, 0, Math.PI * 2); ctx.fill(); return;
    case "arrow":
      ctx.beginPath(); ctx.moveTo(-k * 0.42, y - k * 0.5); ctx.lineTo(k * 0.6, y); ctx.lineTo(-k * 0.42, y + k * 0.5); ctx.lineTo(-k * 0.12, y); ctx.closePath(); ctx.fill(); return;
    case "ring": case "tick":
      ctx.lineWidth = (sign.inside === "ring" ? 1.4 : 2.2) * scale; ctx.lineCap = "round";
      ctx.beginPath(); ctx.moveTo(-k * 0.42, y); ctx.lineTo(-k * 0.08, y + k * 0.34); ctx.lineTo(k * 0.45, y - k * 0.34); ctx.stroke(); return;
    default: return;
  }
}

function drawClock(ctx: CanvasRenderingContext2D, r: number, inks: Inks, scale: number): void {
  const at = r * 0.85, size = 4.6 * scale;
  ctx.beginPath(); ctx.arc(at, -at, size, 0, Math.PI * 2);
  ctx.fillStyle = inks.ink; ctx.fill();
  ctx.lineWidth = 1.4 * scale; ctx.strokeStyle = inks.paper; ctx.stroke();
  ctx.lineWidth = 1.1 * scale;
  ctx.beginPath(); ctx.moveTo(at, -at - size * 0.55); ctx.lineTo(at, -at); ctx.lineTo(at + size * 0.45, -at); ctx.stroke();
}

export interface Shares { waiting: number; offered: number; under_way: number; verify: number; done: number }

/** A cluster: a ring that shows the share of states, the number in it, a diamond where a life is in it. */
export function drawCluster(ctx: CanvasRenderingContext2D, shares: Shares, count: number, danger: boolean, inks: Inks): void {
  const r = 13 + Math.min(9, Math.log2(count) * 1.6);
  const parts: [number, string][] = [[shares.waiting, inks.ink], [shares.offered, inks.quiet], [shares.under_way, inks.accent], [shares.verify, inks.ok], [shares.done, "rgb(128 128 128 / 35%)"]];
  ctx.save();
  ctx.beginPath(); ctx.arc(0, 0, r + 2, 0, Math.PI * 2); ctx.fillStyle = inks.paper; ctx.fill();
  let from = -Math.PI / 2;
  for (const [n, colour] of parts) {
    if (!n) continue;
    const to = from + (n / count) * Math.PI * 2;
    ctx.beginPath(); ctx.arc(0, 0, r - 2, from, to); ctx.lineWidth = 4.5; ctx.strokeStyle = colour; ctx.stroke();
    from = to;
  }
  ctx.fillStyle = inks.ink; ctx.font = "600 12px system-ui, sans-serif"; ctx.textAlign = "center"; ctx.textBaseline = "middle";
  ctx.fillText(String(count), 0, 0.5);
  if (danger) { ctx.translate(r * 0.75, -r * 0.75); drawSign(ctx, { shape: "diamond", inside: "filled", priority: 1, late: false, fresh: false, faded: false }, inks, 0.5); }
  ctx.restore();
}

export type PersonState = "free" | "offered" | "busy" | "break";
export interface PersonSign { initials: string; state: PersonState; stale: boolean; colour: string; heading: number | null; mode: CanvasImageSource | null; selected: boolean }

/** A person: disc with initials, rim by state, mode of travel below, a nib in the direction of movement. */
export function drawPerson(ctx: CanvasRenderingContext2D, p: PersonSign, inks: Inks): void {
  const r = 12;
  ctx.save();
  ctx.globalAlpha = p.stale || p.state === "break" ? 0.72 : 1;
  if (p.heading !== null) drawNib(ctx, p.heading, r, inks);
  ctx.beginPath(); ctx.arc(0, 0, r + 1.5, 0, Math.PI * 2); ctx.fillStyle = inks.paper; ctx.fill();
  ctx.beginPath(); ctx.arc(0, 0, r, 0, Math.PI * 2);
  ctx.fillStyle = p.state === "busy" ? p.colour : inks.paper; ctx.fill();
  rim(ctx, p, r, inks);
  ctx.fillStyle = p.state === "busy" ? "#ffffff" : p.state === "break" ? inks.quiet : inks.ink;
  ctx.font = '600 10px system-ui, "Noto Sans CJK SC", sans-serif'; ctx.textAlign = "center"; ctx.textBaseline = "middle";
  ctx.fillText(p.state === "break" ? "II" : p.initials, 0, 0.5);
  if (p.mode) { ctx.beginPath(); ctx.arc(9, 10, 7, 0, Math.PI * 2); ctx.fillStyle = inks.paper; ctx.fill(); ctx.drawImage(p.mode, 4, 5, 10, 10); }
  if (p.selected) { ctx.beginPath(); ctx.arc(0, 0, r + 5, 0, Math.PI * 2); ctx.lineWidth = 2.5; ctx.strokeStyle = inks.accent; ctx.stroke(); }
  ctx.restore();
}

function rim(ctx: CanvasRenderingContext2D, p: PersonSign, r: number, inks: Inks): void {
  ctx.lineWidth = 2.4;
  ctx.setLineDash(p.stale ? [3, 3] : []);
  ctx.strokeStyle = p.state === "free" ? inks.ok : p.state === "busy" ? p.colour : inks.quiet;
  ctx.beginPath(); ctx.arc(0, 0, r, 0, Math.PI * 2); ctx.stroke();
  if (p.state === "offered") { ctx.strokeStyle = p.colour; ctx.lineWidth = 3.4; ctx.beginPath(); ctx.arc(0, 0, r, Math.PI / 2, Math.PI * 1.5); ctx.stroke(); }
  ctx.setLineDash([]);
}

function drawNib(ctx: CanvasRenderingContext2D, heading: number, r: number, inks: Inks): void {
  ctx.save();
  ctx.rotate((heading * Math.PI) / 180);
  ctx.beginPath(); ctx.moveTo(0, -r - 8); ctx.lineTo(6, -r + 1); ctx.lineTo(-6, -r + 1); ctx.closePath();
  ctx.fillStyle = inks.ink; ctx.strokeStyle = inks.paper; ctx.lineWidth = 2; ctx.stroke(); ctx.fill();
  ctx.restore();
}
