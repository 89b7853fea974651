import { expect, test } from "vitest";
import * as make from "../../tests/make";
import { clockOf, counts, fits, isLate, queue } from "./queue";
import { opened } from "./state";

const at = (minutes: number) => new Date(Date.parse("2026-11-22T12:00:00Z") + minutes * 60_000).toISOString();
const now = Date.parse(at(0));
const filed = (id: number, due: number, some = {}) => make.incident({ id, stage: "filed", filed_at: at(-5), due_accept_at: at(due), due_arrive_at: at(due + 20), ...some });

test("the clock that runs is the next one that has not been met", () => {
  expect(clockOf(filed(1, 10))?.kind).toBe("accept");
  expect(clockOf(filed(1, 10, { accepted_at: at(0), stage: "handling" }))?.kind).toBe("arrive");
  expect(clockOf(filed(1, 10, { accepted_at: at(0), arrived_at: at(1), stage: "handling", dispatched_at: at(-4), due_handle_at: at(90) }))).toEqual({ kind: "handle", start: at(-4), due: at(90) });
});

test("no clock runs on work that waits to be verified, nor on what is closed", () => {
  expect(clockOf(filed(1, 10, { stage: "fed_back" }))).toBeNull();
  expect(clockOf(filed(1, 10, { stage: "closed" }))).toBeNull();
});

test("a case is late when its clock has run out, not before", () => {
  expect(isLate(filed(1, 1), now)).toBe(false);
  expect(isLate(filed(1, -1), now)).toBe(true);
});

test("the queue puts first what runs out first, and priority decides between equals", () => {
  const desk = opened(make.snapshot({ incidents: [filed(1, 30), filed(2, 5), filed(3, 5, { priority: 1 }), filed(4, -3)] }));
  expect(queue(desk, null, now).map((line) => line.incident.id)).toEqual([4, 3, 2, 1]);
});

test("an urgent report that nobody confirmed stands before a case with time to spare", () => {
  const desk = opened(make.snapshot({ incidents: [filed(1, 60), make.incident({ id: 2, priority: 2, reported_at: at(-2) })] }));
  expect(queue(desk, null, now).map((line) => line.incident.id)).toEqual([2, 1]);
});

test("a report that somebody is on the way to check no longer counts as waiting", () => {
  const report = make.incident({ id: 1 });
  expect(fits(report, undefined, "waiting", now)).toBe(true);
  const work = make.assignment({ purpose: "check", state: "en_route" });
  expect(fits(report, work, "waiting", now)).toBe(false);
  expect(fits(report, work, "under_way", now)).toBe(true);
});

test("the counts count each case where it belongs", () => {
  const desk = opened(make.snapshot({ incidents: [filed(1, -3), filed(2, 5, { stage: "handling", accepted_at: at(0) }), filed(3, 5, { stage: "fed_back" }), filed(4, 5, { stage: "closed", closed_at: at(0) })] }));
  expect(counts(desk, now)).toEqual({ waiting: 1, under_way: 1, verify: 1, late: 1, closed: 1 });
});
