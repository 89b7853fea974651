import { expect, test } from "vitest";
import type { Limits } from "../api/engine";
import { bodyOf, expiry, formOf } from "./held";

const limits = (some: Partial<Limits> = {}): Limits => ({ responder: 1, version: 2, skills: [{ skill: "gas", level: 2, valid_until: null }], vehicle: null, overtime_seconds: null, rest_seconds: null, max_seconds: null, worked_today: 0, worked_week: 0, ...some });

test("what is shown is sent back as it was", () => {
  for (const one of [limits(), limits({ vehicle: { width_m: 2.5, capacity: { sandbags: 20 } }, overtime_seconds: 1800, rest_seconds: 0, max_seconds: 21_600 })]) {
    expect(one).toMatchObject(bodyOf(formOf(one), one.version));
  }
});

test("an empty field is not nothing: the weights of the district hold", () => {
  expect(bodyOf({ ...formOf(limits({ overtime_seconds: 1800 })), overtime: " " }, 2).overtime_seconds).toBeNull();
});

test("a vehicle without width that carries nothing is none", () => {
  expect(bodyOf({ ...formOf(limits()), goods: [{ name: "  ", amount: 3 }] }, 2).vehicle).toBeNull();
});

test("a certificate is good, runs out soon, or has run out", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  expect([null, "2027-11-22T12:00:00Z", "2026-12-01T12:00:00Z", "2026-11-22T11:59:59Z"].map((at) => expiry(at, now))).toEqual(["good", "good", "soon", "over"]);
});
