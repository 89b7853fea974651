/** Divisions of a district into cells: the shapes on the wire, one function per question or deed. */
import { get, post } from "./client";
import type { Point } from "./types";

export type DivisionState = "draft" | "proposed" | "planned" | "standing" | "past";
export const MEASURES = ["area", "households", "people", "incidents"] as const;
export type Measure = (typeof MEASURES)[number];
export interface Who { id: number; name: string }

export interface Division {
  id: number;
  district: number;
  state: DivisionState;
  version: number;
  starts: string | null;
  ends: string | null;
  note: string;
  made_by: Who | null;
  made_at: string;
  proposed_by?: Who | null;
  proposed_at: string | null;
  approved_by: Who | null;
  based_on: number | null;
  cells: number | null;
  faults: number | null;
  progress: number | { step: string; share: number } | null;
  error?: { code: string; message: string } | null;
  /** why it was sent back */
  reason?: string | null;
}

export interface CellFacts {
  key: string;
  /** null until it has one */
  code: string | null;
  seq: number | null;
  area: number;
  area_name: string;
  area_m2: number;
  buildings: number;
  people: number;
  households: number;
  change: "none" | "new" | "changed";
  of: string[];
  responsible?: Who | null;
}
export type CellShape = GeoJSON.Feature<GeoJSON.Polygon | GeoJSON.MultiPolygon, CellFacts>;
export interface CellSet { type: "FeatureCollection"; features: CellShape[] }

export const FAULT_KINDS = ["invalid", "unclosed", "gap", "overlap", "sliver", "spill", "two_communities", "building_cut", "stray", "in_pieces", "too_small", "too_big", "no_code", "bad_code", "code_twice", "code_reused", "duty_unconnected"] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];
export interface Fault {
  key: string;
  kind: FaultKind;
  cells: string[];
  area: number | null;
  metres?: number | null;
  area_m2?: number | null;
  geometry: GeoJSON.Geometry | null;
  message: string;
  mends: string[];
}

export type Edit =
  | { op: "split"; cell: string; line: GeoJSON.LineString }
  | { op: "merge"; cells: string[] }
  | { op: "move"; cells: [string, string]; line: GeoJSON.LineString }
  | { op: "assign"; geometry: GeoJSON.Geometry; cell: string };
export interface Edited { version: number; cells: CellSet; gone: string[]; faults: Fault[]; refused: { code: string; message: string } | null }
export interface PastEdit { id?: number; seq?: number; op: string; at: string; by?: Who | null; undone?: boolean; message?: string; cells?: string[] }

export interface Mend { fault: string; how: string; cells: string[]; area_m2: number | null; message?: string }
export interface Mended { version: number; mends: Mend[]; left: (string | Fault)[] }

export interface Changed { from: string[]; to: string[]; kind: "same" | "split" | "merged" | "moved" }
export interface Converted { from: string; to: string; buildings: number; people: number; share: number }
export interface Changes { cells: Changed[]; conversion: Converted[] }

export type Begin = { based_on: number } | { cut: { measure: Measure; aim: number; least: number; most: number } };

export const divisions = (district: number) => get<{ divisions: Division[] }>(`/districts/${district}/divisions`);
export const begin = (district: number, body: Begin, key: string) => post<Division>(`/districts/${district}/divisions`, body, key);
export const cells = (id: number, signal?: AbortSignal) => get<CellSet>(`/divisions/${id}/cells`, {}, signal);
export const edit = (id: number, body: { version: number; edit: Edit; dry: boolean }, key?: string, signal?: AbortSignal) => post<Edited>(`/divisions/${id}/edits`, body, key, signal);
export const edits = (id: number) => get<{ edits: PastEdit[] }>(`/divisions/${id}/edits`);
export const undo = (id: number, version: number, key: string) => post<Partial<Edited>>(`/divisions/${id}/undo`, { version }, key);
export const redo = (id: number, version: number, key: string) => post<Partial<Edited>>(`/divisions/${id}/redo`, { version }, key);
export const faults = (id: number, signal?: AbortSignal) => get<{ faults: Fault[] }>(`/divisions/${id}/faults`, {}, signal);
export const mend = (id: number, body: { version: number; faults: string[] | "all"; how: string | null; dry?: boolean }, key: string) => post<Mended>(`/divisions/${id}/mend`, body, key);
export const propose = (id: number, body: { version: number; starts: string; note: string }, key: string) => post<Division>(`/divisions/${id}/propose`, body, key);
export const approve = (id: number, version: number, key: string) => post<Division>(`/divisions/${id}/approve`, { version }, key);
export const reject = (id: number, body: { version: number; reason: string }, key: string) => post<Division>(`/divisions/${id}/reject`, body, key);
export const withdraw = (id: number, version: number, key: string) => post<Division>(`/divisions/${id}/withdraw`, { version }, key);
export const drop = (id: number, version: number, key: string) => post<unknown>(`/divisions/${id}/drop`, { version }, key);
export const changes = (id: number, other: number, signal?: AbortSignal) => get<Changes>(`/divisions/${id}/changes`, { with: other }, signal);

export const pointOf = ([lon = 0, lat = 0]: readonly number[]): Point => ({ lon, lat });
