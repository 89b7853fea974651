/** The question of a what-if, kept while somebody looks at a case in between; and what its answer says. */
import { reactive, shallowReactive } from "vue";
import type { Joining, Outcome, WhatIf } from "../api/engine";
import type { DrawnShape } from "../api/roads";
import type { Mode, Point } from "../api/types";

export interface Newcomer { kind: "worker" | "volunteer"; skills: string[]; mode: Mode; point: Point | null; place: string; until: string | null }
export interface Asked { district: number; out: number[]; join: Newcomer[]; close: DrawnShape[]; answer: WhatIf | null; answered: string }

const blank = (district: number): Asked => ({ district, out: [], join: [], close: shallowReactive([]), answer: null, answered: "" });
const kept = reactive<{ now: Asked }>({ now: blank(0) });

/** The question of this district; another district begins anew. */
export function asked(district: number): Asked {
  if (kept.now.district !== district) kept.now = blank(district);
  return kept.now;
}
export function forget(district: number): void {
  kept.now = blank(district);
}

export const newcomer = (): Newcomer => ({ kind: "worker", skills: [], mode: "walk", point: null, place: "", until: null });
export const empty = ({ out, join, close }: Pick<Asked, "out" | "join" | "close">): boolean => !out.length && !join.length && !close.length;

/** What goes on the wire: who has no place yet does not join. */
export function wire({ out, join, close }: Pick<Asked, "out" | "join" | "close">): { out: number[]; join: Joining[]; close: DrawnShape[] } {
  return { out: [...out], close: [...close], join: join.flatMap(({ kind, skills, mode, point, until }) => (point ? [{ kind, skills: [...skills], mode, point, until, name: null }] : [])) };
}

export interface Line { key: "cost" | "late_minutes" | "late_cases" | "served" | "unserved" | "in_time"; before: number; after: number; better: boolean | null }

/** The answer in six figures. More served and more in time is better, of the others less. */
export function lines(before: Outcome, after: Outcome): Line[] {
  const of = (key: Line["key"], more: boolean, value: (one: Outcome) => number): Line => {
    const a = value(before), b = value(after);
    return { key, before: a, after: b, better: a === b ? null : b > a === more };
  };
  return [
    of("cost", false, (one) => one.cost),
    of("late_minutes", false, (one) => Math.round(one.late_minutes)),
    of("late_cases", false, (one) => one.late_cases),
    of("served", true, (one) => one.served),
    of("unserved", false, (one) => one.unserved.length),
    of("in_time", true, (one) => Math.round(one.in_time * 1000) / 10),
  ];
}
