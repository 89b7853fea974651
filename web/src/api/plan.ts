/** What a planner asks: who is reached in time, and from where. */
import { get, urlOf } from "./client";
import type { Mode, Point } from "./types";

/** 0 to 2: thirds of the time; 3: by road, but later; 4: no road leads there. */
export type Band = 0 | 1 | 2 | 3 | 4;
export interface Question { kind: string; mode: Mode; minutes: number }

export interface CellReach {
  id: number;
  code: string;
  area: number;
  buildings: number;
  reached_buildings: number;
  no_way: number;
  people: number;
  reached_people: number;
  /** to the first building, the middle one, nine tenths of them; null: no way */
  seconds: number | null;
  p50: number | null;
  p90: number | null;
  nearest: string | null;
}

export interface Totals {
  buildings: number;
  reached: number;
  no_way: number;
  people: number;
  people_reached: number;
  cells: number;
  cells_reached: number;
  p50: number | null;
  p90: number | null;
}

export interface Coverage {
  question: Question;
  totals: Totals;
  sources: { label: string; point: Point; stranded: boolean }[];
  /** worst first */
  cells: CellReach[];
  circle: { metres: number; buildings: number; people: number; only_circle: number; only_road: number };
  estimated: boolean;
  at: string;
}

export type CellShapes = GeoJSON.FeatureCollection<GeoJSON.Polygon | GeoJSON.MultiPolygon, CellReach & { band: Band | null }>;
export type BuildingPoints = GeoJSON.FeatureCollection<GeoJSON.Point, { id: number; cell: number; band: Band; seconds: number | null; people: number; nearest: string | null }>;

const path = (district: number, rest: string) => `/districts/${district}/coverage${rest}`;
const asked = ({ kind, mode, minutes }: Question) => ({ kind, mode, minutes });

export const coverage = (district: number, question: Question, signal: AbortSignal) => get<Coverage>(path(district, ""), asked(question), signal);
export const cellShapes = (district: number, question: Question, signal: AbortSignal) => get<CellShapes>(path(district, "/cells"), asked(question), signal);
export const buildingPoints = (district: number, question: Question, signal: AbortSignal) => get<BuildingPoints>(path(district, "/buildings"), asked(question), signal);

/** The answer as one page to send around. */
export const pageUrl = (district: number, question: Question) => urlOf(path(district, ".html"), asked(question));
