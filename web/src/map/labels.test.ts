import Point from "@mapbox/point-geometry";
import { expect, test } from "vitest";
import { along, layGlyphs, lengthOf, wrapped } from "./labels";

const line = (...xy: [number, number][]) => xy.map(([x, y]) => new Point(x, y));
const wide = (text: string) => text.length * 7;

test("a point along a line knows its direction", () => {
  expect(along(line([0, 0], [10, 0], [10, 10]), 15)).toEqual({ x: 10, y: 5, angle: Math.PI / 2 });
  expect(along(line([0, 0], [10, 0]), 11)).toBeNull();
  expect(lengthOf(line([0, 0], [3, 4]))).toBe(5);
});

test("a name is read from left to right, whichever way the road was drawn", () => {
  const there = layGlyphs(line([0, 0], [200, 0]), "Mikonkatu", wide, false, 12);
  const back = layGlyphs(line([200, 0], [0, 0]), "Mikonkatu", wide, false, 12);
  expect(there?.map((g) => Math.round(g.x))).toEqual(back?.map((g) => Math.round(g.x)));
  expect(back?.[0]?.angle).toBeCloseTo(0);
});

test("Chinese signs stay upright and run down a steep road", () => {
  const laid = layGlyphs(line([0, 200], [10, 0]), "中关村北大街", wide, true, 12);
  expect(laid?.map((g) => g.text).join("")).toBe("中关村北大街");
  expect(laid?.every((g) => g.angle === 0)).toBe(true);
  expect(laid?.[0]?.y).toBeLessThan(laid?.[5]?.y ?? 0);
});

test("a name that does not fit, or would break around a corner, is left out", () => {
  expect(layGlyphs(line([0, 0], [30, 0]), "Pohjoisesplanadi", wide, false, 12)).toBeNull();
  expect(layGlyphs(line([0, 0], [60, 0], [60, 60]), "Mikonkatu", wide, false, 12)).toBeNull();
});

test("long names are broken into lines", () => {
  expect(wrapped("Amos Anderson Art Museum")).toEqual(["Amos Anderson", "Art Museum"]);
  expect(wrapped("清华大学五道口金融学院")).toEqual(["清华大学五道", "口金融学院"]);
  expect(wrapped("蓝旗营")).toEqual(["蓝旗营"]);
});
