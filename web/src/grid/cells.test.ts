import { expect, test } from "vitest";
import type { CellShape } from "../api/divisions";
import { bookOf, cellAt, compactness, expected, numbersOf, others, put, snapped } from "./cells";

const D = 0.001;
function square(key: string, x: number, y: number, more: Partial<CellShape["properties"]> = {}): CellShape {
  const [w, s] = [x * D, y * D];
  return { type: "Feature", geometry: { type: "Polygon", coordinates: [[[w, s], [w + D, s], [w + D, s + D], [w, s + D], [w, s]]] }, properties: { key, code: key, seq: 1, area: 1, area_name: "", area_m2: 12_364, buildings: 3, people: 10, households: 5, change: "none", of: [], ...more } };
}
const cells = bookOf([square("a", 0, 0), square("b", 1, 0, { people: 30, area_m2: 20_000 }), square("c", 0, 1)]);

test("an edit replaces what it touched and takes away what is gone", () => {
  const after = put(cells, { cells: { type: "FeatureCollection", features: [square("b", 1, 0, { people: 7 })] }, gone: ["c"] });
  expect([...after.keys()]).toEqual(["a", "b"]);
  expect(after.get("b")?.properties.people).toBe(7);
  expect(cells.size).toBe(3);
});

test("a neighbour that only got a corner is not told as changed", () => {
  const tried = [square("a", 0, 0), square("b", 1, 0, { area_m2: 9_000 }), square("n1", 5, 5)];
  expect(others(cells, tried).map((one) => one.properties.key)).toEqual(["b", "n1"]);
});

test("a click finds the cell below it, and none outside or in a hole", () => {
  expect(cellAt(cells, { lon: 1.5 * D, lat: 0.5 * D })?.properties.key).toBe("b");
  expect(cellAt(cells, { lon: 5 * D, lat: 0 })).toBeNull();
  const hole = square("d", 3, 3);
  (hole.geometry as GeoJSON.Polygon).coordinates.push([[3.4 * D, 3.4 * D], [3.6 * D, 3.4 * D], [3.6 * D, 3.6 * D], [3.4 * D, 3.6 * D], [3.4 * D, 3.4 * D]]);
  expect(cellAt(bookOf([hole]), { lon: 3.5 * D, lat: 3.5 * D })).toBeNull();
});

test("a corner set near a corner is that corner, near a border on it, far from both where it was set", () => {
  const all = [...cells.values()];
  expect(snapped(all, { lon: D + 0.00003, lat: 0.00002 }, 10)).toEqual({ lon: D, lat: 0 });
  const foot = snapped(all, { lon: D + 0.00003, lat: 0.5 * D }, 10);
  expect(foot.lon).toBeCloseTo(D, 9);
  expect(foot.lat).toBeCloseTo(0.5 * D, 9);
  const free = { lon: 1.5 * D, lat: 0.5 * D };
  expect(snapped(all, free, 10)).toBe(free);
});

test("a square is less compact than a circle and more than a thread", () => {
  expect(compactness(square("a", 0, 0))).toBeCloseTo(Math.PI / 4, 2);
});

test("the numbers of a division are those of its cells", () => {
  expect(numbersOf(cells.values())).toMatchObject({ cells: 3, people: 50, buildings: 9, largest: 20_000, smallest: 12_364, median: 12_364, most: 30 });
  expect(numbersOf([])).toMatchObject({ cells: 0, median: 0, compact: 0 });
});

test("a hint of how many cells stands only where the bounds make sense", () => {
  expect(expected(1_000_000, { aim: 10_000, least: 5_000, most: 20_000 })).toEqual({ about: 100, from: 50, to: 200 });
  expect(expected(1_000_000, { aim: 10_000, least: 0, most: 20_000 })?.to).toBe(Number.POSITIVE_INFINITY);
  expect(expected(1_000_000, { aim: 10_000, least: 11_000, most: 20_000 })).toBeNull();
  expect(expected(0, { aim: 10_000, least: 1, most: 20_000 })).toBeNull();
});
