import { expect, test } from "vitest";
import type { Weight } from "../api/engine";
import type { HourSpeed } from "../api/roads";
import { edited, keyOf, percent, permille, range, rows } from "./hours";
import { changes, grouped, measureOf, outside, read, written } from "./units";

const weight = (some: Partial<Weight>): Weight => ({ code: "hop", value: 300, default: 300, unit: "seconds", least: 0, most: 86400, group: "promises", names: {}, name: "", explained: {}, example: {}, changed_by: null, changed_at: null, ...some });
const hour = (some: Partial<HourSpeed> = {}): HourSpeed => ({ hour: 8, permille: 1000, source: "default", samples: 0, learned: null, ...some });

test("seconds are written in minutes, or in hours where the default is some", () => {
  expect([weight({}), weight({ default: 172800 }), weight({ default: 0 }), weight({ default: 90 }), weight({ unit: "factor" })].map((one) => measureOf(one).word)).toEqual(["min", "h", "min", "s", "factor"]);
});

test("what is written is read back to the second", () => {
  const minutes = measureOf(weight({}));
  expect(read(written(330, minutes), minutes)).toBe(330);
  expect(read(7.5, minutes)).toBe(450);
});

test("only what differs goes on the wire", () => {
  expect(changes([weight({}), weight({ code: "rest", value: 0 })], new Map([["hop", 600], ["rest", 0]]))).toEqual({ hop: 600 });
});

test("what lies outside the bounds, or is no number, is refused before it is sent", () => {
  expect([outside(weight({}), -1), outside(weight({}), Number.NaN), outside(weight({}), 86400)]).toEqual([true, true, false]);
});

test("groups keep the order of the table", () => {
  expect(grouped([weight({ group: "b" }), weight({ group: "a" }), weight({ group: "b" })]).map(([name, list]) => [name, list.length])).toEqual([["b", 2], ["a", 1]]);
});

test("a third longer is 1300 thousandths", () => {
  expect([percent(1300), permille(-12.5)]).toEqual([30, 875]);
});

test("taking over what was learned is sent as such, going back to the default as null", () => {
  const edits = new Map([[keyOf("drive", "weekday", 8), { learned: true }], [keyOf("walk", "weekend", 23), { permille: null }]]);
  expect(rows(edits)).toEqual([{ mode: "drive", day: "weekday", hour: 8, learned: true }, { mode: "walk", day: "weekend", hour: 23, permille: null }]);
  expect(edited(hour({ learned: { permille: 1240, samples: 9 } }), { learned: true })).toBe(1240);
  expect(edited(hour({ permille: 1300 }), { permille: null })).toBe(1000);
});

test("a small difference does not fill the chart", () => {
  expect(range([1000, 1020])).toEqual({ low: -25, high: 50 });
  expect(range([700, 1900])).toEqual({ low: -50, high: 100 });
});
