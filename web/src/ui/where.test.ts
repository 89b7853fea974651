import { expect, test } from "vitest";
import { mayGo, waysFor } from "./where";

test("a planner draws and imports, a supervisor approves, a dispatcher does neither", () => {
  expect(waysFor(new Set(["planner"])).map((way) => way.name)).toEqual(["plan", "grid", "imports", "layers", "weights"]);
  expect([mayGo("grid", new Set(["supervisor"])), mayGo("imports", new Set(["supervisor"]))]).toEqual([true, false]);
  expect([mayGo("grid", new Set(["dispatcher"])), mayGo("layers", new Set(["dispatcher"]))]).toEqual([false, true]);
});

test("who works outside or lives here is shown none of them", () => {
  expect(waysFor(new Set(["resident", "worker", "volunteer"]))).toEqual([]);
});
