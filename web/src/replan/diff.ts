/** What a diff comes to, counted. Pure. */
import type { ChangedPart, Part, PersonDiff } from "../api/engine";

export interface Counts { gains: number; loses: number; earlier: number; later: number }

/** Shifts below this are noise: nobody changes their day for them. */
const NOTICED_S = 60;

export function counts(person: PersonDiff): Counts {
  return {
    gains: person.gains.length, loses: person.loses.length,
    earlier: person.moves.filter((move) => move.seconds <= -NOTICED_S).length,
    later: person.moves.filter((move) => move.seconds >= NOTICED_S).length,
  };
}

/** Those whose day changes most first: cases that change hands before shifts of time. */
export function ordered(people: readonly PersonDiff[]): PersonDiff[] {
  const weight = (p: PersonDiff) => (p.gains.length + p.loses.length) * 1e9 + p.moves.reduce((sum, move) => sum + Math.abs(move.seconds), 0);
  return [...people].sort((a, b) => weight(b) - weight(a) || a.responder - b.responder);
}

/** The parts of two costs side by side; a part that only one of them has is nothing in the other. */
export function sideBySide(before: readonly Part[], after: readonly Part[]): ChangedPart[] {
  const codes = [...new Set([...before, ...after].map((part) => part.code))];
  const of = (parts: readonly Part[], code: string) => parts.find((part) => part.code === code);
  return codes
    .map((code) => ({ code, name: (of(after, code) ?? of(before, code))?.name ?? code, before: of(before, code)?.value ?? 0, after: of(after, code)?.value ?? 0 }))
    .filter((part) => part.before || part.after)
    .sort((a, b) => Math.max(Math.abs(b.before), Math.abs(b.after)) - Math.max(Math.abs(a.before), Math.abs(a.after)));
}

/** By how much, in per cent of what was; null where there was nothing. */
export const percent = (before: number, after: number): number | null => (before === 0 ? null : Math.round(((after - before) / Math.abs(before)) * 1000) / 10);

/** What the longest bar stands for: of what changes, if anything does; a large part that stays the same is cut off. */
export function scaleOf(parts: readonly ChangedPart[]): number {
  const most = (list: readonly ChangedPart[]) => Math.max(0, ...list.flatMap((part) => [Math.abs(part.before), Math.abs(part.after)]));
  return most(parts.filter((part) => part.before !== part.after)) || most(parts) || 1;
}
