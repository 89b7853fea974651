import { expect, test } from "vitest";
import * as make from "../../tests/make";
import type { Part, Priced } from "../api/engine";
import { barOf, inkOf, legendOf, scaleOf } from "./price";

const part = (code: string, value: number): Part => ({ code, name: code, value });
const candidate = (...parts: Part[]): Priced => ({
  responder: make.responder(), fit: true, seconds: 60, metres: 100, straight_metres: 80, eta: null, load: { tasks: 0, busy_until: null }, position_age: 1, rules: [], estimated: false,
  holds: false, hurdle: null, price: parts.length ? { total: parts.reduce((sum, p) => sum + p.value, 0), parts } : null,
});

test("the widths of a bar are shares of one scale", () => {
  expect(barOf([part("late", 60), part("road", 20)], 100).segments.map((s) => s.width)).toEqual([0.6, 0.2]);
});

test("what does not fit is cut off and says so", () => {
  const bar = barOf([part("late", 150), part("road", 20)], 100);
  expect([bar.cut, bar.segments.length]).toEqual([true, 1]);
});

test("what is saved takes no room in the bar", () => {
  expect(barOf([part("late", 60), part("hop", -300)], 100)).toMatchObject({ cut: false, segments: [{ code: "late" }] });
});

test("one very dear person does not press the others flat", () => {
  const scale = scaleOf([candidate(part("road", 100)), candidate(part("road", 120)), candidate(part("late", 90_000))]);
  expect(scale).toBe(480);
});

test("who has no price does not count, and with nobody the scale is still a number", () => {
  expect(scaleOf([candidate()])).toBe(1);
  expect(scaleOf([candidate(), candidate(part("road", 50))])).toBe(50);
});

test("the legend names each part once, an unknown one too", () => {
  expect(legendOf([candidate(part("road", 5), part("moon", 1)), candidate(part("road", 9))]).map((l) => l.code)).toEqual(["road", "moon"]);
  expect(inkOf("moon")).toMatch(/^#/);
});
