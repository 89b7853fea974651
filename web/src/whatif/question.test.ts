import { expect, test } from "vitest";
import type { Outcome } from "../api/engine";
import { asked, empty, forget, lines, newcomer, wire } from "./question";

const outcome = (some: Partial<Outcome>): Outcome => ({ cost: 100, parts: [], late_minutes: 10, late_cases: 2, served: 40, unserved: [], in_time: 0.8, ...some });

test("a question is kept while one looks elsewhere, and another place begins anew", () => {
  asked(1).out.push(7);
  expect(asked(1).out).toEqual([7]);
  expect(asked(2).out).toEqual([]);
  expect(asked(1).out).toEqual([]);
  asked(1).out.push(8);
  forget(1);
  expect(empty(asked(1))).toBe(true);
});

test("who has no place yet does not join", () => {
  const here = { ...newcomer(), point: { lon: 1, lat: 2 }, place: "Mill Lane" };
  expect(wire({ out: [], close: [], join: [newcomer(), here] }).join).toEqual([{ kind: "worker", skills: [], mode: "walk", point: { lon: 1, lat: 2 }, until: null, name: null }]);
});

test("less cost is better, more in time is better, the same is neither", () => {
  const found = lines(outcome({}), outcome({ cost: 90, in_time: 0.7, late_minutes: 10.2 }));
  expect(Object.fromEntries(found.map((line) => [line.key, line.better]))).toEqual({ cost: true, late_minutes: null, late_cases: null, served: null, unserved: null, in_time: false });
});
