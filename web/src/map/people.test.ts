import { expect, test } from "vitest";
import { glided } from "./people";

const track = { from: { lon: 0, lat: 0 }, to: { lon: 10, lat: 20 }, started: 1000, lasts: 2000 };

test("somebody glides from one position to the next and stands still at its end", () => {
  expect(glided(track, 1000)).toEqual({ lon: 0, lat: 0 });
  expect(glided(track, 2000)).toEqual({ lon: 5, lat: 10 });
  expect(glided(track, 9000)).toEqual({ lon: 10, lat: 20 });
});

test("a jump is shown at once", () => {
  expect(glided({ ...track, lasts: 0 }, 1000)).toEqual({ lon: 10, lat: 20 });
});
