import { expect, test } from "vitest";
import * as make from "../../tests/make";
import type { Deed, DeedName } from "../api/types";
import { nextOf, otherDeeds, purposeOf } from "./next";

const deeds = (...names: DeedName[]): Deed[] => names.map((deed) => ({ deed, needs: { reason: false, criterion: null, outcome: false } }));

test("an unconfirmed report asks for a word of the dispatcher first", () => {
  expect(nextOf(make.detail({ deeds: deeds("confirm", "reject") }))).toEqual({ kind: "deed", deed: "confirm" });
});

test("a filed case asks for somebody to go", () => {
  expect(nextOf(make.detail({ incident: make.incident({ stage: "filed" }), deeds: deeds("assign") }))).toEqual({ kind: "assign", purpose: "handle" });
});

test("work that is said to be done is verified, or waits for whoever verifies it", () => {
  const incident = make.incident({ stage: "fed_back" });
  expect(nextOf(make.detail({ incident, deeds: deeds("close", "return") }))).toEqual({ kind: "deed", deed: "close" });
  expect(nextOf(make.detail({ incident, deeds: deeds("close"), assignments: [make.assignment({ purpose: "verify" })] }))).toEqual({ kind: "wait", text: "verifying" });
});

test("somebody who may do nothing is told so", () => {
  expect(nextOf(make.detail({ incident: make.incident({ stage: "filed" }) }))).toEqual({ kind: "none", text: "no_permission" });
});

test("the first deed is not offered twice, and rejecting comes last", () => {
  const detail = make.detail({ deeds: deeds("reject", "note", "confirm") });
  expect(otherDeeds(detail, nextOf(detail)).map((d) => d.deed)).toEqual(["note", "reject"]);
});

test("people are sent to check a report, to handle a case, to verify work", () => {
  expect((["collected", "filed", "fed_back"] as const).map((stage) => purposeOf(make.detail({ incident: make.incident({ stage }) })))).toEqual(["check", "handle", "verify"]);
});
