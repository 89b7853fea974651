import { expect, test } from "vitest";
import type { PersonDiff } from "../api/engine";
import { counts, ordered, percent, scaleOf, sideBySide } from "./diff";
import { concerns } from "./planning";

const task = (incident: number) => ({ incident, number: `X-${incident}`, title: "Cover" });
const person = (some: Partial<PersonDiff>): PersonDiff => ({ responder: 1, name: "Aino", gains: [], loses: [], moves: [], message: "", ...some });

test("shifts of less than a minute are not counted", () => {
  const moves = [-420, -59, 59, 60].map((seconds, i) => ({ ...task(i), seconds }));
  expect(counts(person({ moves, gains: [{ ...task(9), from: 2 }] }))).toEqual({ gains: 1, loses: 0, earlier: 1, later: 1 });
});

test("cases that change hands come before shifts of time", () => {
  const late = person({ responder: 1, moves: [{ ...task(1), seconds: 7200 }] }), gains = person({ responder: 2, gains: [{ ...task(2), from: null }] });
  expect(ordered([late, gains]).map((p) => p.responder)).toEqual([2, 1]);
});

test("a part that only one side has is nothing in the other, and the largest comes first", () => {
  const parts = sideBySide([{ code: "road", name: "Road", value: 10 }], [{ code: "late", name: "Late", value: -40 }, { code: "none", name: "None", value: 0 }]);
  expect(parts).toEqual([{ code: "late", name: "Late", before: 0, after: -40 }, { code: "road", name: "Road", before: 10, after: 0 }]);
});

test("nothing has no per cent", () => {
  expect([percent(0, 5), percent(200, 150)]).toEqual([null, -25]);
});

test("plans, settings and duty concern the planning; positions and cases do not", () => {
  expect(["plan.proposed", "weights.changed", "responder.duty", "incident.reported", "roads.changed"].filter(concerns)).toEqual(["plan.proposed", "weights.changed", "responder.duty"]);
});

test("a large part that stays the same does not press the others flat", () => {
  const same = { code: "lost", name: "Lost", before: 691_200, after: 691_200 }, road = { code: "road", name: "Road", before: 3826, after: 5414 };
  expect([scaleOf([same, road]), scaleOf([same]), scaleOf([])]).toEqual([5414, 691_200, 1]);
});
