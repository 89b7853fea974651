import { expect, test } from "vitest";
import { absent, editOf, kept, picking } from "./tools";

const line = { type: "LineString" as const, coordinates: [[0, 0], [1, 1]] };

test("a cell picked twice is let go, and a tool for one cell keeps the last", () => {
  expect(picking("merge", ["a"], "b")).toEqual(["a", "b"]);
  expect(picking("merge", ["a", "b"], "a")).toEqual(["b"]);
  expect(picking("split", ["a"], "b")).toEqual(["b"]);
  expect(picking("move", ["a", "b"], "c")).toEqual(["b", "c"]);
});

test("nothing is asked of the server before cells and line are there", () => {
  expect(editOf("split", ["a"], null)).toBeNull();
  expect(editOf("split", [], line)).toBeNull();
  expect(editOf("merge", ["a"], null)).toBeNull();
  expect(editOf("look", ["a"], line)).toBeNull();
  expect(absent("move", ["a"])).toBe(1);
});

test("each tool makes its own edit", () => {
  expect(editOf("split", ["a"], line)).toEqual({ op: "split", cell: "a", line });
  expect(editOf("merge", ["a", "b"], null)).toEqual({ op: "merge", cells: ["a", "b"] });
  expect(editOf("move", ["a", "b"], line)).toEqual({ op: "move", cells: ["a", "b"], line });
  expect(editOf("assign", ["a"], line)).toBeNull();
});

test("another tool keeps as many cells as it can take", () => {
  expect(kept("split", ["a", "b"])).toEqual(["a"]);
  expect(kept("merge", ["a", "b"])).toEqual(["a", "b"]);
});
