import { expect, test } from "vitest";
import { tileAt, tilesAround } from "./tiles";

const HELSINKI = { lon: 24.9384, lat: 60.1699 };

test("a known tile: Helsinki's centre at zoom 14", () => {
  expect(tileAt(HELSINKI, 14)).toEqual([9326, 4742]);
});

test("nine tiles around one point at each of four zooms", () => {
  expect(tilesAround([HELSINKI])).toHaveLength(36);
});

test("two points in one street share their tiles", () => {
  expect(tilesAround([HELSINKI, { ...HELSINKI, lon: HELSINKI.lon + 0.00001 }])).toHaveLength(36);
});
