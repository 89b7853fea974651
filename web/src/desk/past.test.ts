import { expect, test } from "vitest";
import * as make from "../../tests/make";
import { caseAt, workAt } from "./past";

const at = (minutes: number) => new Date(Date.parse("2026-11-22T12:00:00Z") + minutes * 60_000).toISOString();
const ms = (minutes: number) => Date.parse(at(minutes));
const closed = make.incident({ stage: "closed", reported_at: at(0), filed_at: at(1), dispatched_at: at(2), accepted_at: at(3), arrived_at: at(10), fed_back_at: at(30), closed_at: at(40) });

test.each([[0.5, "collected"], [1.5, "filed"], [2.5, "dispatched"], [5, "handling"], [35, "fed_back"], [41, "closed"]])("%d minutes after the report the case was %s", (minutes, stage) => {
  expect(caseAt(closed, ms(minutes))?.stage).toBe(stage);
});

test("before it was reported there was no case", () => {
  expect(caseAt(closed, ms(-1))).toBeNull();
});

test("work is shown as far as it had come", () => {
  const work = make.assignment({ state: "done", offered_at: at(2), accepted_at: at(3), departed_at: at(4), arrived_at: at(10), ended_at: at(30) });
  expect(workAt(work, ms(1))).toBeNull();
  expect(workAt(work, ms(5))?.state).toBe("en_route");
  expect(workAt(work, ms(12))?.state).toBe("on_scene");
  expect(workAt(work, ms(31))).toBeNull();
});
