import { expect, test } from "vitest";
import { unwall, wall } from "./zoned";

test("the wall shows the time of the place", () => {
  expect(wall("2026-11-22T12:05:00Z", "Asia/Taipei")).toBe("2026-11-22T20:05");
  expect(wall("2026-07-01T22:30:00Z", "Europe/Vaduz")).toBe("2026-07-02T00:30");
});

test("what is written on a wall is read back, in winter and summer", () => {
  for (const [at, zone] of [["2026-11-22T12:05:00Z", "Europe/Vaduz"], ["2026-07-01T22:30:00Z", "Europe/Vaduz"], ["2026-01-01T00:00:00Z", "America/New_York"]] as const) {
    expect(unwall(wall(at, zone), zone)).toBe(at);
  }
});

test("of an hour that comes twice the first is meant", () => {
  expect(unwall("2026-10-25T02:30", "Europe/Vaduz")).toBe("2026-10-25T00:30:00Z");
});

test("no time is no moment", () => {
  expect(unwall("", "Europe/Vaduz")).toBeNull();
});
