import { expect, test } from "vitest";
import * as make from "../../tests/make";
import { apply, moved, opened, workByIncident, workByResponder } from "./state";

const desk = () => opened(make.snapshot({ incidents: [make.incident({ id: 1, version: 3 })], responders: [make.responder({ id: 7 })] }));

test("an unknown kind of event changes nothing, whatever it carries", () => {
  const before = desk();
  expect(apply(before, make.change("weather.changed", { incident: make.incident({ id: 1, version: 9 }) }))).toBe(before);
});

test("a newer version replaces an older one and leaves the rest alone", () => {
  const before = desk();
  const after = apply(before, make.change("incident.confirmed", { incident: make.incident({ id: 1, version: 4, stage: "filed" }) }));
  expect(after.incidents.get(1)?.stage).toBe("filed");
  expect(after.responders).toBe(before.responders);
  expect(before.incidents.get(1)?.version).toBe(3);
});

test("an older version that comes late is ignored", () => {
  const after = apply(desk(), make.change("incident.confirmed", { incident: make.incident({ id: 1, version: 2, stage: "closed" }) }));
  expect(after.incidents.get(1)?.stage).toBe("collected");
});

test("a kind that did not exist yet within a known family is still taken", () => {
  const after = apply(desk(), make.change("assignment.teleported", { assignment: make.assignment({ id: 5, incident: 1 }) }));
  expect(after.assignments.get(5)?.incident).toBe(1);
});

test("a case that somebody has is no longer listed as without anybody", () => {
  const before = opened(make.snapshot({ incidents: [make.incident({ id: 1 })], unassigned: { "1": { reason: "nobody", params: {}, message: "Nobody" } } }));
  expect(before.unassigned.has(1)).toBe(true);
  expect(apply(before, make.change("assignment.offered", { assignment: make.assignment({ incident: 1 }) })).unassigned.has(1)).toBe(false);
});

test("a plan brings its own list of the unserved", () => {
  const after = apply(desk(), make.change("plan.made", { plan: make.plan({ id: 2, unassigned: [{ incident: 1, reason: "skill", params: {}, message: "No skill" }] }) }));
  expect(after.unassigned.get(1)?.message).toBe("No skill");
  expect(apply(after, make.change("plan.made", { plan: make.plan({ id: 1 }) })).plan?.id).toBe(2);
});

test("people move, and a late fix never takes them back", () => {
  const at = (s: number) => `2026-11-22T12:00:${String(s).padStart(2, "0")}Z`;
  const there = moved(desk(), [{ responder: 7, lon: 1, lat: 2, at: at(10), heading: 90, speed: 1.4 }]);
  expect(there.responders.get(7)?.point).toEqual({ lon: 1, lat: 2 });
  expect(moved(there, [{ responder: 7, lon: 5, lat: 5, at: at(5), heading: null, speed: null }])).toBe(there);
});

test("a change of a person keeps a position that is newer than the one it carries", () => {
  const there = moved(desk(), [{ responder: 7, lon: 1, lat: 2, at: "2026-11-22T12:00:10Z", heading: null, speed: null }]);
  const after = apply(there, make.change("responder.duty", { responder: make.responder({ id: 7, version: 2, duty: "break", point: { lon: 0, lat: 0 }, point_at: "2026-11-22T11:00:00Z" }) }));
  expect(after.responders.get(7)).toMatchObject({ duty: "break", point: { lon: 1, lat: 2 } });
});

test("somebody out of scope is not invented by a position", () => {
  const before = desk();
  expect(moved(before, [{ responder: 99, lon: 1, lat: 2, at: "2026-11-22T12:00:10Z", heading: null, speed: null }])).toBe(before);
});

test("the work of a case is that of whoever is furthest along", () => {
  const it = opened(make.snapshot({ assignments: [make.assignment({ id: 1, incident: 1, state: "offered" }), make.assignment({ id: 2, incident: 1, state: "on_scene" }), make.assignment({ id: 3, incident: 1, state: "done" })] }));
  expect(workByIncident(it).get(1)?.id).toBe(2);
});

test("the work of a person comes in its order", () => {
  const it = opened(make.snapshot({ assignments: [make.assignment({ id: 1, responder: 7, seq: 2 }), make.assignment({ id: 2, responder: 7, seq: 1 })] }));
  expect(workByResponder(it).get(7)?.map((a) => a.id)).toEqual([2, 1]);
});
