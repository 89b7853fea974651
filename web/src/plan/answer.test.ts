import { expect, test } from "vitest";
import type { BuildingPoints, CellReach, Coverage } from "../api/plan";
import { bandColour, bandLimits, figures, partOf, sorted, weightByBand } from "./answer";
import { questionOf } from "./question";

const cell = (some: Partial<CellReach>): CellReach => ({ id: 1, code: "HEL01001", area: 1, buildings: 4, reached_buildings: 4, no_way: 0, people: 10, reached_people: 10, seconds: 60, p50: 90, p90: 120, nearest: "A", ...some });
const answer = (cells: CellReach[], people = 100, reached = 75): Coverage => ({
  question: { kind: "hospital", mode: "walk", minutes: 9 }, sources: [], cells, estimated: false, at: "2026-11-22T12:00:00Z",
  circle: { metres: 600, buildings: 0, people: 0, only_circle: 0, only_road: 0 },
  totals: { buildings: 8, reached: 6, no_way: 0, people, people_reached: reached, cells: cells.length, cells_reached: 1, p50: 100, p90: 300 },
});
const building = (band: number, people: number) => ({ type: "Feature", geometry: { type: "Point", coordinates: [0, 0] }, properties: { id: 1, cell: 1, band, seconds: 1, people, nearest: null } });

test("the classes divide the time into thirds, then later", () => {
  expect(([0, 1, 2, 3, 4] as const).map((band) => bandLimits(band, 9))).toEqual([{ from: 0, to: 3 }, { from: 3, to: 6 }, { from: 6, to: 9 }, { from: 9, to: null }, { from: 9, to: null }]);
});

test("near is light and no way is dark", () => {
  expect([bandColour(0), bandColour(4)]).toEqual(["#fde725", "#440154"]);
});

test("figures count people, and buildings where nobody lives", () => {
  expect(figures(answer([]))).toMatchObject({ all: 100, reached: 75, missed: 25, share: 0.75 });
  expect(figures(answer([], 0, 0))).toMatchObject({ all: 8, reached: 6, missed: 2, share: 0.75 });
});

test("every figure leads to the cells it is made of", () => {
  const all = answer([cell({ id: 1 }), cell({ id: 2, reached_buildings: 1, p90: 400 }), cell({ id: 3, reached_buildings: 0, p90: null }), cell({ id: 4, buildings: 0, reached_buildings: 0 })]);
  const ids = (part: Parameters<typeof partOf>[1]) => partOf(all, part).map((one) => one.id);
  expect([ids(null), ids("reached"), ids("missed"), ids("slow")]).toEqual([[1, 2, 3], [1], [2, 3], [2, 3]]);
});

test("what no road leads to is the latest of all", () => {
  const cells = [cell({ id: 1, p50: 30 }), cell({ id: 2, p50: null }), cell({ id: 3, p50: 700 })];
  expect(sorted(cells, { by: "p50", down: true }, true).map((one) => one.id)).toEqual([2, 3, 1]);
  expect(sorted(cells, { by: "p50", down: false }, true).map((one) => one.id)).toEqual([1, 3, 2]);
});

test("bars add up to all people, or to all buildings", () => {
  const points = { type: "FeatureCollection", features: [building(0, 5), building(0, 2), building(4, 3)] } as unknown as BuildingPoints;
  expect(weightByBand(points, true)).toEqual([7, 0, 0, 0, 3]);
  expect(weightByBand(points, false)).toEqual([2, 0, 0, 0, 1]);
});

test("a question is read from the address, and nonsense becomes the usual question", () => {
  expect(questionOf({ kind: "hospital", mode: "drive", minutes: "7.5" }, "x")).toEqual({ kind: "hospital", mode: "drive", minutes: 7.5 });
  expect(questionOf({ mode: "fly", minutes: "-3" }, "fire_station")).toEqual({ kind: "fire_station", mode: "walk", minutes: 10 });
  expect(questionOf({ minutes: "999" }, "x").minutes).toBe(120);
});
