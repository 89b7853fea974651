import { describe, expect, test } from "vitest";
import type { Change } from "../api/types";
import type { Waiting } from "../offline/keep";
import { after, foreseen, nextStep, type MyTasks, type Task } from "./tasks";

const task = (id: number, state: string, seq: number): Task =>
  ({ assignment: { id, incident: id + 100, responder: 5, state, seq, version: 1, start: "2026-11-22T10:00:00Z" }, incident: { id: id + 100, version: 1, title: "" }, class: {} }) as unknown as Task;
const mine = (...tasks: Task[]): MyTasks => ({ responder: { id: 5, version: 1 }, tasks, route: null, skills: [] }) as unknown as MyTasks;
const waiting = (assignment: number, deed: string): Waiting => ({ key: "k", path: "", body: null, photo: null, assignment, deed, at: "", user: 1 });
const change = (rest: Partial<Change>): Change => ({ kind: "assignment.offered", at: "", incident_id: null, assignment_id: null, responder_id: null, actor: null, reason: null, ...rest });

describe("what the person did shows at once", () => {
  test("an acceptance that waits to be sent makes the next step departing", () => {
    const [first] = foreseen([task(1, "offered", 0)], [waiting(1, "accept")]);
    expect(first && nextStep(first)).toBe("depart");
  });
  test("the last of several deeds that wait counts", () => {
    const [first] = foreseen([task(1, "offered", 0)], [waiting(1, "accept"), waiting(1, "depart"), waiting(1, "arrive")]);
    expect(first?.assignment.state).toBe("on_scene");
  });
  test("a task that was fed back without signal is off the list", () => {
    expect(foreseen([task(1, "on_scene", 0)], [waiting(1, "feed_back")])).toEqual([]);
  });
  test("what is under way stands first, whatever its number", () => {
    expect(foreseen([task(1, "offered", 0), task(2, "en_route", 1)], []).map((t) => t.assignment.id)).toEqual([2, 1]);
  });
});

describe("what happens elsewhere", () => {
  test("a withdrawn task goes away", () => {
    const withdrawn = { ...task(1, "withdrawn", 0).assignment, version: 2 };
    expect(after(mine(task(1, "offered", 0)), change({ assignment: withdrawn })).mine.tasks).toEqual([]);
  });
  test("an offer to somebody else is nothing to this phone", () => {
    const other = { ...task(9, "offered", 0).assignment, responder: 6 };
    expect(after(mine(), change({ assignment: other }))).toEqual({ mine: mine(), again: false });
  });
  test("a new offer asks the server for the rest", () => {
    expect(after(mine(), change({ assignment: task(3, "offered", 0).assignment })).again).toBe(true);
  });
  test("an old version never replaces a newer one", () => {
    const newer = { ...task(1, "accepted", 0) };
    newer.assignment = { ...newer.assignment, version: 3 };
    expect(after(mine(newer), change({ assignment: task(1, "offered", 0).assignment })).mine.tasks[0]?.assignment.state).toBe("accepted");
  });
});
