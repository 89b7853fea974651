/** Weights as people write them: seconds in minutes or hours, the rest as it is. Pure. */
import type { Unit, Weight } from "../api/engine";

export interface Measure { by: number; word: "factor" | "s" | "min" | "h" | "m" | "thousandths" | "count" }

const HOURS_FROM = 7200;
const WORDS: Record<Exclude<Unit, "seconds">, Measure["word"]> = { factor: "factor", metres: "m", thousandths: "thousandths", count: "count" };

/** The unit in which a weight is written: that of its default, so that it does not change under the hand. */
export function measureOf({ unit, default: usual }: Pick<Weight, "unit" | "default">): Measure {
  if (unit !== "seconds") return { by: 1, word: WORDS[unit] };
  if (usual % 60 !== 0) return { by: 1, word: "s" };
  return usual >= HOURS_FROM && usual % 3600 === 0 ? { by: 3600, word: "h" } : { by: 60, word: "min" };
}

export const written = (value: number, { by }: Measure): number => Math.round((value / by) * 100) / 100;
export const read = (text: number, { by }: Measure): number => Math.round(text * by);

/** What was changed, by code: what goes on the wire. */
export function changes(weights: readonly Weight[], draft: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries(weights.flatMap((one) => { const now = draft.get(one.code); return now !== undefined && now !== one.value ? [[one.code, now]] : []; }));
}

export const outside = (weight: Weight, value: number): boolean => !Number.isFinite(value) || value < weight.least || value > weight.most;

/** Groups in the order in which they first appear. */
export function grouped(weights: readonly Weight[]): [string, Weight[]][] {
  const groups = new Map<string, Weight[]>();
  for (const one of weights) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return [...groups];
}
