/** What is to become of a file, as a form holds it: layer, encoding, coordinates, columns, source. Pure. */
import type { Batch, BatchState, Column, Counts, FieldOf, Fill, LayerOf, Mapping, Plan, RowVerdict, Verdict } from "../api/imports";

export interface Form {
  target: string;
  layer: string | null;
  encoding: string | null;
  crs: string | null;
  mapping: Record<string, Fill>;
  source: { name: string; licence: string; attribution: string; accuracy_m: string };
  whole: boolean;
  /** what a place of its own is called */
  name: string;
}

export const BUSY: ReadonlySet<BatchState> = new Set(["reading", "applying"]);
/** states in which the plan may still be changed */
export const OPEN: ReadonlySet<BatchState> = new Set(["uploaded", "compared", "failed"]);
/** targets whose columns are not chosen: the file says what it is */
export const OWN_COLUMNS: ReadonlySet<string> = new Set(["place", "changes"]);

export const ENCODINGS = ["utf-8", "gb18030", "big5hkscs"] as const;
const ZONES = Array.from({ length: 4554 - 4513 + 1 }, (_, i) => `EPSG:${4513 + i}`);
export const SYSTEMS = ["EPSG:4326", "EPSG:4490", "EPSG:3826", "EPSG:3857", "GCJ-02", "BD-09", ...ZONES] as const;

export const layerOf = (batch: Batch, name: string | null): LayerOf | null => batch.layers.find((one) => one.name === name) ?? batch.layers[0] ?? null;
export const columnsOf = (batch: Batch, target: string): readonly Column[] => batch.targets[target] ?? [];

export function formOf(batch: Batch): Form {
  const { name, licence, attribution, accuracy_m } = batch.source;
  return {
    target: batch.target ?? Object.keys(batch.targets)[0] ?? "", layer: batch.layer ?? batch.layers[0]?.name ?? null, encoding: batch.encoding, crs: batch.crs,
    mapping: { ...batch.mapping }, source: { name: name ?? "", licence: licence ?? "", attribution: attribution ?? "", accuracy_m: accuracy_m === null || accuracy_m === undefined ? "" : String(accuracy_m) }, whole: batch.whole ?? false, name: "",
  };
}

/** Another target keeps what its columns know. */
export function retargeted(form: Form, target: string, columns: readonly Column[], fields: readonly FieldOf[]): Form {
  const known = new Set(columns.map((one) => one.column)), names = new Map(fields.map((one) => [plain(one.name), one.name]));
  const kept = Object.fromEntries(Object.entries(form.mapping).filter(([column]) => known.has(column)));
  const found = columns.flatMap(({ column }): [string, Fill][] => { const field = names.get(plain(column)); return !kept[column] && field ? [[column, { field }]] : []; });
  return { ...form, target, mapping: { ...kept, ...Object.fromEntries(found) } };
}

/** Columns that nobody has filled yet take what is proposed for them. */
export const proposed = (form: Form, mapping: Mapping): Form => ({ ...form, mapping: { ...mapping, ...form.mapping } });
const plain = (name: string) => name.toLowerCase().replaceAll(/[\s_-]/g, "");

/** A column filled from a field, by one value, or by nothing. */
export function filled(mapping: Mapping, column: string, fill: Fill | null): Record<string, Fill> {
  const rest = Object.fromEntries(Object.entries(mapping).filter(([name]) => name !== column));
  return fill ? { ...rest, [column]: fill } : rest;
}

/** Required columns that nothing fills; a shape of the file's own fills its place. */
export function missing(columns: readonly Column[], mapping: Mapping): string[] {
  return columns.filter(({ column, required }) => required && !said(mapping[column])).map((one) => one.column);
}
const said = (fill: Fill | undefined): boolean => fill !== undefined && ("field" in fill ? fill.field !== "" : fill.value.trim() !== "");

export const examplesOf = (layer: LayerOf | null, fill: Fill | undefined): string[] =>
  (fill && "field" in fill ? (layer?.fields.find((one) => one.name === fill.field)?.examples ?? []).map(String).filter(Boolean).slice(0, 3) : []);

const number = (text: string): number | null => { const value = Number(text.replace(",", ".")); return text.trim() === "" || !Number.isFinite(value) || value < 0 ? null : value; };
export const accuracyWrong = (text: string): boolean => text.trim() !== "" && number(text) === null;

export function bodyOf(form: Form, version: number): Plan {
  const named = form.name.trim() ? { name: form.name.trim() } : {};
  if (OWN_COLUMNS.has(form.target)) return { version, target: form.target, ...named };
  const mapping = Object.fromEntries(Object.entries(form.mapping).filter(([, fill]) => said(fill)));
  const { name, licence, attribution, accuracy_m } = form.source;
  return { version, target: form.target, layer: form.layer, encoding: form.encoding, crs: form.crs, mapping, source: { name: name.trim(), licence: licence.trim(), attribution: attribution.trim(), accuracy_m: number(accuracy_m) }, whole: form.whole, ...named };
}

export const VERDICTS: readonly Verdict[] = ["added", "changed", "gone", "rejected", "same"];
export const rejected = (counts: Counts): number => Object.values(counts.rejected ?? {}).reduce((sum, n) => sum + n, 0);
export const countOf = (counts: Counts, verdict: Verdict): number => (verdict === "rejected" ? rejected(counts) : (counts[verdict] ?? 0));
export const total = (counts: Counts): number => VERDICTS.reduce((sum, one) => sum + countOf(counts, one), 0);

export interface Part { verdict: Verdict; n: number; width: number }

/** The bar: what is there takes its share of the width, and at least so much that one can hit it. */
export function bar(counts: Counts, least = 0.03): Part[] {
  const all = Math.max(1, total(counts)), parts = VERDICTS.map((verdict) => ({ verdict, n: countOf(counts, verdict) })).filter((one) => one.n > 0);
  const raw = parts.map((one) => Math.max(least, one.n / all)), sum = raw.reduce((a, b) => a + b, 0) || 1;
  return parts.map((one, i) => ({ ...one, width: (raw[i] ?? 0) / sum }));
}

/** Reasons why rows were rejected, the most frequent first. */
export const reasons = (counts: Counts): [reason: string, n: number][] => Object.entries(counts.rejected ?? {}).sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));

export interface Difference { column: string; before: string; after: string; changed: boolean }

/** A changed row, column by column; what changed first. */
export function differences(fields: Readonly<Record<string, unknown>>, was: Readonly<Record<string, unknown>> | null): Difference[] {
  const columns = [...new Set([...Object.keys(was ?? {}), ...Object.keys(fields)])];
  const rows = columns.map((column): Difference => {
    const before = written(was && column in was ? was[column] : fields[column]), after = written(fields[column]);
    return { column, before, after, changed: was !== null && column in was && before !== after };
  });
  return [...rows.filter((one) => one.changed), ...rows.filter((one) => !one.changed && (one.after || one.before))];
}

export const written = (value: unknown): string => (value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));

/** Verdicts that a filter in the address may name. */
export const verdictOf = (text: unknown): RowVerdict | null => VERDICTS.find((one) => one === text) ?? null;
