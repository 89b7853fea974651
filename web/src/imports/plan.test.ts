import { expect, test } from "vitest";
import type { Batch, Column, Counts } from "../api/imports";
import { accuracyWrong, bar, bodyOf, differences, examplesOf, filled, formOf, missing, reasons, retargeted, total } from "./plan";

const columns: Column[] = [
  { column: "street", required: true, type: "text", allowed: null },
  { column: "number", required: true, type: "text", allowed: null },
  { column: "kind", required: false, type: "text", allowed: ["door", "gate"] },
];
const counts: Counts = { added: 970, changed: 20, same: 0, gone: 0, rejected: { no_position: 2, bad_number: 8 } };
const batch = { target: "address", layer: null, layers: [{ name: "doors", rows: 3, geometry: "Point", crs: null, fields: [{ name: "Street", type: "text", examples: ["Mill Lane", "", "High Street", "Dock", "Quay"] }] }], encoding: "GB18030", crs: null, mapping: { street: { field: "Street" } }, targets: { address: columns }, source: { name: "Office", licence: "", attribution: "", accuracy_m: 2.5 } } as unknown as Batch;

test("what nothing fills and nothing may miss is named", () => {
  expect(missing(columns, { street: { field: "Street" }, number: { value: " " } })).toEqual(["number"]);
  expect(missing(columns, { street: { field: "Street" }, number: { value: "1" } })).toEqual([]);
});

test("a column is filled by a field, by a value or by nothing", () => {
  expect(filled({ street: { field: "a" } }, "street", null)).toEqual({});
  expect(filled({ street: { field: "a" } }, "number", { value: "7" })).toEqual({ street: { field: "a" }, number: { value: "7" } });
});

test("a form goes out as it came in, without what is empty", () => {
  const form = formOf(batch);
  expect(form.layer).toBe("doors");
  form.mapping["number"] = { value: "" };
  form.source.accuracy_m = "1,5";
  expect(bodyOf(form, 4)).toEqual({ version: 4, target: "address", layer: "doors", encoding: "GB18030", crs: null, mapping: { street: { field: "Street" } }, source: { name: "Office", licence: "", attribution: "", accuracy_m: 1.5 }, whole: false });
  expect([accuracyWrong("two"), accuracyWrong(""), accuracyWrong("-1")]).toEqual([true, false, true]);
});

test("a file that says itself what it is goes out without columns", () => {
  expect(bodyOf({ ...formOf(batch), target: "place", name: " Neudorf " }, 1)).toEqual({ version: 1, target: "place", name: "Neudorf" });
});

test("another target keeps the columns that it has too, and takes fields of the same name", () => {
  const form = { ...formOf(batch), mapping: { street: { field: "Street" }, storeys: { field: "floors" } } };
  const fields = [{ name: "NUM_BER", type: "text", examples: [] }];
  expect(retargeted(form, "other", columns, fields).mapping).toEqual({ street: { field: "Street" }, number: { field: "NUM_BER" } });
});

test("examples beside a field leave out what is empty", () => {
  expect(examplesOf(batch.layers[0] ?? null, { field: "Street" })).toEqual(["Mill Lane", "High Street", "Dock"]);
  expect(examplesOf(batch.layers[0] ?? null, { value: "x" })).toEqual([]);
});

test("the bar adds up, and a few rejected among many can still be hit", () => {
  const parts = bar(counts);
  expect(parts.map((one) => [one.verdict, one.n])).toEqual([["added", 970], ["changed", 20], ["rejected", 10]]);
  expect(parts.reduce((sum, one) => sum + one.width, 0)).toBeCloseTo(1);
  expect(parts[2]?.width).toBeGreaterThan(0.025);
  expect(total(counts)).toBe(1000);
  expect(reasons(counts)[0]).toEqual(["bad_number", 8]);
});

test("a changed row shows what changed first, with what it was", () => {
  const found = differences({ street: "Mill Lane", floors: 3, note: null }, { floors: 2 });
  expect(found).toEqual([{ column: "floors", before: "2", after: "3", changed: true }, { column: "street", before: "Mill Lane", after: "Mill Lane", changed: false }]);
});
