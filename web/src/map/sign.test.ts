import { expect, test } from "vitest";
import * as make from "../../tests/make";
import type { Priority } from "../api/types";
import { insideOf, shapeOf, signOf } from "./sign";

const NOW = Date.parse("2026-11-22T12:00:00Z");

test("every priority has a shape of its own, so that colour is never alone", () => {
  const shapes = ([1, 2, 3, 4] as Priority[]).map(shapeOf);
  expect(shapes).toEqual(["diamond", "triangle", "disc", "small"]);
});

test.each([["collected", undefined, "filled"], ["dispatched", "offered", "half"], ["handling", "accepted", "arrow"], ["handling", "en_route", "arrow"], ["handling", "on_scene", "dot"], ["fed_back", undefined, "ring"], ["closed", undefined, "tick"]] as const)(
  "a case that is %s with work %s is drawn as %s", (stage, state, inside) => {
    expect(insideOf(make.incident({ stage }), state && make.assignment({ state }))).toBe(inside);
  });

test("a public report that somebody checks on scene shows the person's state", () => {
  expect(insideOf(make.incident({ stage: "collected" }), make.assignment({ purpose: "check", state: "on_scene" }))).toBe("dot");
});

test("only what is new and without anybody has a halo", () => {
  const fresh = make.incident({ reported_at: "2026-11-22T11:59:30Z" });
  expect(signOf(fresh, undefined, false, NOW).fresh).toBe(true);
  expect(signOf(fresh, make.assignment(), false, NOW).fresh).toBe(false);
  expect(signOf(make.incident({ reported_at: "2026-11-22T11:00:00Z" }), undefined, false, NOW).fresh).toBe(false);
});

test("what is done is pale", () => {
  expect(signOf(make.incident({ stage: "evaluated" }), undefined, false, NOW).faded).toBe(true);
});
