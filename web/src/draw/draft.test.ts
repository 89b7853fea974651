import { expect, test } from "vitest";
import { added, begin, circle, crossing, formed, geometryOf, lengthOf, metres, missing, whole, type Draft } from "./draft";

const at = (lon: number, lat: number) => ({ lon, lat });
const drawn = (form: Draft["form"], ...points: [number, number][]): Draft => points.reduce((draft, [lon, lat]) => added(draft, at(lon, lat)), begin(form));

test("a line needs two corners, an area three, a circle its middle", () => {
  expect(missing(begin("line"))).toBe(2);
  expect(whole(drawn("line", [0, 0], [0, 0.001]))).toBe(true);
  expect(geometryOf(drawn("area", [0, 0], [0, 0.001]))).toBeNull();
  expect(whole(drawn("circle", [0, 0]))).toBe(true);
});

test("the second click of a double click is no corner", () => {
  expect(drawn("line", [0, 0], [0, 0.001], [0, 0.001]).points).toHaveLength(2);
});

test("an area goes as a closed ring", () => {
  const shape = geometryOf(drawn("area", [0, 0], [0.001, 0], [0, 0.001]));
  expect(shape).toEqual({ type: "Polygon", coordinates: [[[0, 0], [0.001, 0], [0, 0.001], [0, 0]]] });
});

test("every corner of a circle is a radius away from its middle, also far from the equator", () => {
  const middle = at(24.94, 60.17), far = circle(middle, 200).map(([lon, lat]) => metres(middle, at(lon, lat)));
  expect(Math.min(...far)).toBeGreaterThan(199);
  expect(Math.max(...far)).toBeLessThan(201);
});

test("another middle takes the place of the first, and a line that becomes a circle keeps its beginning", () => {
  expect(drawn("circle", [0, 0], [1, 1]).points).toEqual([at(1, 1)]);
  expect(formed(drawn("line", [0, 0], [1, 1]), "circle").points).toEqual([at(0, 0)]);
});

test("edges that cross are noticed, neighbours that touch are not", () => {
  expect(crossing(drawn("area", [0, 0], [1, 1], [1, 0], [0, 1]))).toBe(true);
  expect(crossing(drawn("area", [0, 0], [1, 0], [1, 1], [0, 1]))).toBe(false);
  expect(crossing(drawn("line", [0, 0], [1, 1], [1, 0], [0, 1]))).toBe(false);
});

test("a degree of latitude is 111 km long, and around an area one comes back", () => {
  expect(lengthOf(drawn("line", [0, 0], [0, 1]))).toBeCloseTo(111_195, -1);
  expect(lengthOf(drawn("area", [0, 0], [0, 1], [0, 2]))).toBeCloseTo(4 * 111_195, -2);
});
