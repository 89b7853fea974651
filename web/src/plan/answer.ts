/** What an answer says, counted: classes, figures and the order of the list. Pure. */
import type { Band, BuildingPoints, CellReach, CellShapes, Coverage } from "../api/plan";
import { VIRIDIS } from "../map/palette";

export const BANDS: readonly Band[] = [0, 1, 2, 3, 4];

/** Light is near, dark is far: what is missed stands out by day and reads in grey print. */
export const bandColour = (band: Band): string => VIRIDIS[4 - band] as string;

/** The minutes at which a class begins and ends; no end: later, or never. */
export function bandLimits(band: Band, minutes: number): { from: number; to: number | null } {
  const third = minutes / 3;
  return band < 3 ? { from: band * third, to: (band + 1) * third } : { from: minutes, to: null };
}

/** How much of what falls into each class. */
export function tally<T>(all: readonly T[], bandOf: (one: T) => Band | null, amount: (one: T) => number): number[] {
  const counted = BANDS.map(() => 0);
  for (const one of all) {
    const band = bandOf(one);
    if (band !== null) counted[band] = (counted[band] ?? 0) + amount(one);
  }
  return counted;
}

export const cellsByBand = (shapes: CellShapes): number[] => tally(shapes.features, (f) => f.properties.band, () => 1);

/** People where they are known, otherwise buildings. */
export function countsPeople(answer: Coverage): boolean {
  return answer.totals.people > 0;
}

export const weightByBand = (points: BuildingPoints, people: boolean): number[] =>
  tally(points.features, (f) => f.properties.band, (f) => (people ? f.properties.people : 1));

export interface Figures { all: number; reached: number; missed: number; share: number; p50: number | null; p90: number | null }

export function figures(answer: Coverage): Figures {
  const { totals } = answer, people = countsPeople(answer);
  const all = people ? totals.people : totals.buildings, reached = people ? totals.people_reached : totals.reached;
  return { all, reached, missed: Math.max(0, all - reached), share: all ? reached / all : 0, p50: totals.p50, p90: totals.p90 };
}

export const missedIn = (cell: CellReach, people: boolean): number => (people ? cell.people - cell.reached_people : cell.buildings - cell.reached_buildings);

export type Part = "reached" | "missed" | "slow";

/** The cells a figure is made of. */
export function partOf(answer: Coverage, part: Part | null): CellReach[] {
  const built = answer.cells.filter((cell) => cell.buildings > 0);
  const limit = answer.totals.p90 ?? Infinity;
  if (part === "reached") return built.filter((cell) => cell.reached_buildings === cell.buildings);
  if (part === "missed") return built.filter((cell) => cell.reached_buildings < cell.buildings);
  if (part === "slow") return built.filter((cell) => cell.p90 === null || cell.p90 > limit);
  return built;
}

export type Column = "code" | "people" | "buildings" | "missed" | "seconds" | "p50" | "p90" | "nearest";
export interface Order { by: Column; down: boolean }

/** Sorted anew; what has no way counts as the latest, and ties keep their order. */
export function sorted(cells: readonly CellReach[], { by, down }: Order, people: boolean): CellReach[] {
  const value = (cell: CellReach): number | string => {
    if (by === "missed") return missedIn(cell, people);
    if (by === "code" || by === "nearest") return cell[by] ?? "";
    return cell[by] ?? Infinity;
  };
  const sign = down ? -1 : 1;
  return [...cells].sort((a, b) => {
    const x = value(a), y = value(b);
    if (typeof x === "string" || typeof y === "string") return sign * String(x).localeCompare(String(y), undefined, { numeric: true });
    return x === y ? 0 : sign * (x < y ? -1 : 1);
  });
}
