import { expect, test } from "vitest";
import * as make from "../../tests/make";
import { apply, listed, put, standing } from "./closures";

const NOON = Date.parse("2026-11-22T12:00:00Z");
const closed = make.closure;

test("a live closure waits for the road engine, has trouble, or is in force", () => {
  expect(standing(closed().properties, NOON)).toBe("live");
  expect(standing(closed({ in_force: false }).properties, NOON)).toBe("pending");
  expect(standing(closed({ in_force: false, trouble: { code: "no_road" } }).properties, NOON)).toBe("trouble");
});

test("the clock begins and ends a closure without an event", () => {
  const later = closed({ state: "coming", starts: "2026-11-22T13:00:00Z", ends: "2026-11-22T14:00:00Z", in_force: false }).properties;
  expect([NOON, NOON + 90 * 60_000, NOON + 150 * 60_000].map((now) => standing(later, now))).toEqual(["coming", "pending", "over"]);
});

test("an older version never takes the place of a newer one", () => {
  const book = put(new Map(), [closed({ version: 3, reason: "New" })]);
  expect(put(book, [closed({ version: 2, reason: "Old" })])).toBe(book);
});

test("roads.changed tells of one version that it is in force now", () => {
  const book = put(new Map(), [closed({ in_force: false, segments: 0 })]);
  const after = apply(book, make.change("roads.changed", { closures: [closed({ in_force: true, segments: 14 })] }));
  expect(after.get(1)?.properties).toMatchObject({ in_force: true, segments: 14 });
  expect(apply(book, make.change("incident.reported"))).toBe(book);
});

test("the sentence of a trouble outlives an event that tells only its code", () => {
  const book = put(new Map(), [closed({ trouble: { code: "no_road", message: "No road lies there." } })]);
  const after = apply(book, make.change("roads.changed", { closures: [closed({ trouble: { code: "no_road" } })] }));
  expect(after.get(1)?.properties.trouble?.message).toBe("No road lies there.");
});

test("trouble comes first, what is over is not listed", () => {
  const book = put(new Map(), [closed({ id: 1 }), closed({ id: 2, in_force: false, trouble: { code: "no_road" } }), closed({ id: 3, lifted_at: "2026-11-22T11:00:00Z" })]);
  expect(listed(book, NOON).map((one) => one.id)).toEqual([2, 1]);
  expect(listed(book, NOON, true).map((one) => one.id)).toEqual([2, 1, 3]);
});
