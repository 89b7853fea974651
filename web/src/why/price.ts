/** Prices as small bars: on one scale, so that one can compare them by eye. Pure. */
import type { Part, Priced } from "../api/engine";

/** Colours by part, the same in every row; whoever does not tell them apart reads the figures. */
const INKS: Record<string, string> = {
  late: "#c81e3a", late_others: "#d97706", done: "#b0507a", road: "#1d6fb8", overtime: "#7a3b8f", hop: "#a07400", people: "#009e73", extra: "#56a0d3", fairness: "#4a7592", standby: "#7a6a58", unserved: "#5b6472", lost: "#8e1230",
};
const OTHERS = ["#009e73", "#cc79a7", "#3f51b5", "#a07400", "#56a0d3"] as const;

export const inkOf = (code: string): string => INKS[code] ?? OTHERS[[...code].reduce((sum, c) => sum + c.charCodeAt(0), 0) % OTHERS.length] ?? OTHERS[0];

export interface Segment { code: string; name: string; value: number; width: number }
export interface Bar { segments: Segment[]; cut: boolean }

const BARS_TO_FIT = 5;
const MUCH_DEARER = 4;

/** What the full width stands for: the dearest of the first few, but not a single one that dwarfs them all. */
export function scaleOf(candidates: readonly Priced[]): number {
  const totals = candidates.flatMap((one) => (one.price ? [gross(one.price.parts)] : [])).slice(0, BARS_TO_FIT);
  const usual = [...totals].sort((a, b) => a - b)[Math.floor(totals.length / 2)] ?? 0;
  return Math.max(1, Math.min(Math.max(0, ...totals), usual * MUCH_DEARER || Infinity));
}

const gross = (parts: readonly Part[]) => parts.reduce((sum, part) => sum + Math.max(0, part.value), 0);

/** The parts that cost something, in order, as shares of the full width; what does not fit is cut off. */
export function barOf(parts: readonly Part[], scale: number): Bar {
  let room = 1;
  const segments = parts.filter((part) => part.value > 0).map((part) => {
    const width = Math.min(room, part.value / scale);
    room -= width;
    return { ...part, width };
  }).filter((segment) => segment.width > 0);
  return { segments, cut: gross(parts) > scale * 1.0001 };
}

/** Which parts appear at all, in the order of their first appearance: the legend. */
export function legendOf(candidates: readonly Priced[]): { code: string; name: string }[] {
  const seen = new Map<string, string>();
  for (const { price } of candidates) for (const part of price?.parts ?? []) if (part.value > 0 && !seen.has(part.code)) seen.set(part.code, part.name);
  return [...seen].map(([code, name]) => ({ code, name }));
}
