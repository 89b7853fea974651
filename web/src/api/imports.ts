/** Files that a district brings: the shapes on the wire, one function per question or deed. */
import { get, post, put, sendFile, urlOf, type Sending } from "./client";

export type BatchState = "uploaded" | "reading" | "compared" | "applying" | "applied" | "cancelled" | "failed";
export type How = "said" | "found" | "remembered" | "chosen" | "unknown";
export type Verdict = "added" | "changed" | "same" | "gone" | "rejected";
/** while a file is read its rows are only new or rejected */
export type RowVerdict = Verdict | "new";
export type Bounds = [west: number, south: number, east: number, north: number];

export interface FieldOf { name: string; type: string; examples: unknown[] }
export interface LayerOf { name: string; rows: number | null; geometry: string | null; fields: FieldOf[]; crs: string | null }
export interface Column { column: string; required: boolean; type: string; allowed: readonly string[] | null }
/** where a column of the target comes from: a field of the file, or one value for every row */
export type Fill = { field: string } | { value: string };
export type Mapping = Readonly<Record<string, Fill>>;
export interface Source { id?: number | null; name: string; licence: string; attribution: string; accuracy_m: number | null }
export interface Counts { added: number; changed: number; same: number; gone: number; rejected: Readonly<Record<string, number>>; kinds?: Readonly<Record<string, Partial<Record<Verdict, number>>>> | null; /** the draft that a file of cells became */ division?: number | null }
export interface Failure { code: string; params: Record<string, unknown>; message: string }

export interface Batch {
  id: number;
  district: number | null;
  version: number;
  state: BatchState;
  step: string | null;
  share: number | null;
  file: string;
  bytes: number;
  format: string | null;
  layers: LayerOf[];
  layer: string | null;
  encoding: string | null;
  encoding_how: How | null;
  crs: string | null;
  crs_how: How | null;
  target: string | null;
  target_how: How | null;
  mapping: Mapping;
  /** a mapping that somebody made before for the same source or the same columns */
  mapping_how?: "remembered" | "proposed" | "chosen" | null;
  targets: Readonly<Record<string, readonly Column[]>>;
  source: Source;
  whole?: boolean;
  counts: Counts;
  error: Failure | null;
  created_at: string;
  changed_at: string;
}

export interface SampleRow { verdict: RowVerdict; reason: string | null; line?: number; at?: number; [column: string]: unknown }
export interface Sample {
  features: GeoJSON.FeatureCollection<GeoJSON.Geometry | null, SampleRow>;
  bounds: Bounds | null;
  outside: number;
  suggestion: string | null;
  /** what would fill the columns of the target that was asked for */
  mapping?: Mapping;
}

/** What is left out stays as it was proposed; `name` is what a place of its own is called. */
export interface Plan { version: number; target: string; layer?: string | null; encoding?: string | null; crs?: string | null; mapping?: Mapping; source?: Omit<Source, "id">; whole?: boolean; name?: string }

export interface Row {
  /** null: the row is not in the file, it is gone */
  line: number | null;
  /** the row's place in the order, and what it is called here */
  at: number;
  verdict: RowVerdict;
  source_key: string | null;
  reason: string | null;
  field: string | null;
  value: unknown;
  message: string | null;
  fields: Readonly<Record<string, unknown>>;
  was: Readonly<Record<string, unknown>> | null;
  geometry: GeoJSON.Geometry | null;
}
export interface RowPage { rows: Row[]; next: number | null }
export interface RowPlace { line: number | null; at?: number; verdict: RowVerdict; reason: string | null }
export type RowMap = GeoJSON.FeatureCollection<GeoJSON.Geometry, RowPlace> & { sampled?: boolean | Readonly<Record<string, unknown>> };

export const batches = (district: number) => get<{ batches: Batch[] }>("/imports", { district });
export const batch = (id: number, signal?: AbortSignal) => get<Batch>(`/imports/${id}`, {}, signal);
export const begin = (district: number | null, file: File, sending: Sending) => sendFile<Batch>("/imports", { district }, file, file.name, sending);
export const sample = (id: number, asked: { target: string | null; layer: string | null; crs: string | null; encoding: string | null }, signal?: AbortSignal) =>
  get<Sample>(`/imports/${id}/sample`, asked, signal);
export const plan = (id: number, body: Plan, key: string) => put<Batch>(`/imports/${id}/plan`, body, key);
export const rows = (id: number, asked: { verdict?: string | null; reason?: string | null; after?: number | null; limit: number }, signal?: AbortSignal) =>
  get<RowPage>(`/imports/${id}/rows`, asked, signal);
export const rowMap = (id: number, signal?: AbortSignal) => get<RowMap>(`/imports/${id}/map`, {}, signal);
export const apply = (id: number, version: number, key: string) => post<Batch>(`/imports/${id}/apply`, { version }, key);
export const cancel = (id: number, version: number, key: string) => post<Batch>(`/imports/${id}/cancel`, { version }, key);
export const REPORTS = ["json", "csv", "geojson"] as const;
export const reportUrl = (id: number, format: (typeof REPORTS)[number]) => urlOf(`/imports/${id}/report`, { format });
