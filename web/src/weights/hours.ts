/** Speeds by the hour, as per cent more or less than the road engine says. Pure. */
import type { DayKind, HourSpeed, SpeedRow } from "../api/roads";
import type { Mode } from "../api/types";

/** 1300 thousandths of the time: 30 per cent longer. */
export const percent = (permille: number): number => Math.round(permille - 1000) / 10;
export const permille = (more: number): number => Math.round(1000 + more * 10);

export interface Edit { permille?: number | null; learned?: boolean }
export const keyOf = (mode: Mode, day: DayKind, hour: number): string => `${mode}.${day}.${hour}`;

/** What an hour would be with what was typed. */
export function edited(now: HourSpeed, edit: Edit | undefined): number {
  if (!edit) return now.permille;
  if (edit.learned) return now.learned?.permille ?? now.permille;
  return edit.permille ?? 1000;
}

export function rows(edits: ReadonlyMap<string, Edit>): SpeedRow[] {
  return [...edits].map(([key, edit]) => {
    const [mode, day, hour] = key.split(".") as [Mode, DayKind, string];
    return { mode, day, hour: Number(hour), ...(edit.learned ? { learned: true } : { permille: edit.permille ?? null }) };
  });
}

/** The range of a chart: whole quarters around the usual, so that a small difference does not look large. */
export function range(values: readonly number[]): { low: number; high: number } {
  const low = Math.min(0, ...values.map(percent)), high = Math.max(0, ...values.map(percent));
  return { low: Math.min(-25, Math.floor(low / 25) * 25), high: Math.max(50, Math.ceil(high / 25) * 25) };
}
