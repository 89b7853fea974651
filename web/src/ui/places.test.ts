import { expect, test } from "vitest";
import { offBy, pictogramOf, whyOf } from "./places";

test("a house that is only reckoned says so, and how far it may be off", () => {
  expect(offBy({ kind: "interpolated", accuracy_m: 20 })).toBe(20);
  expect(offBy({ kind: "address", accuracy_m: 20 })).toBeNull();
  expect(whyOf({ kind: "neighbour", found: "street" })).toBe("nearest_known");
  expect(whyOf({ kind: "address", found: "exact" })).toBeNull();
});

test("a similar spelling is said before anything else", () => {
  expect(whyOf({ kind: "neighbour", found: "typo" })).toBe("similar");
});

test("a kind from a newer server is still drawn", () => {
  expect(pictogramOf("something new")).toBe("maki/marker");
});
