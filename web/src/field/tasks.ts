/** The tasks of a phone, and what the person did with them that the server has not heard of yet. Pure. */
import type { Assignment, AssignmentState, Change, DayRoute, DistrictBrief, Incident, IncidentClass, Purpose, Responder, Skill } from "../api/types";
import type { Waiting } from "../offline/keep";

export interface Task { assignment: Assignment; incident: Incident; class: IncidentClass; contact?: string | null }

export interface MyTasks {
  responder: Responder;
  district: DistrictBrief;
  now: string;
  cursor: string;
  tasks: Task[];
  route: DayRoute | null;
  skills: Skill[];
}

export type Step = "accept" | "depart" | "arrive" | "feed_back";

const NEXT: Partial<Record<AssignmentState, Step>> = { offered: "accept", accepted: "depart", en_route: "arrive", on_scene: "feed_back" };
const BECOMES: Record<string, AssignmentState> = { accept: "accepted", depart: "en_route", arrive: "on_scene", feed_back: "done", decline: "declined" };
const LIVE: ReadonlySet<AssignmentState> = new Set(["offered", "accepted", "en_route", "on_scene"]);
const UNDER_WAY: ReadonlySet<AssignmentState> = new Set(["en_route", "on_scene"]);

export const OUTCOMES: Record<Purpose, readonly string[]> = { check: ["ok", "not_found"], handle: ["done", "not_found", "needs_other"], verify: ["ok", "not_ok"] };

/** What one does next with a task; null when it is over. */
export const nextStep = (task: Task): Step | null => NEXT[task.assignment.state] ?? null;

/** The tasks as they will be once everything that waits has been sent. What is under way stands first. */
export function foreseen(tasks: readonly Task[], waiting: readonly Waiting[]): Task[] {
  const done = new Map<number, AssignmentState>();
  for (const one of waiting) {
    const state = BECOMES[one.deed];
    if (one.assignment !== null && state) done.set(one.assignment, state);
  }
  return tasks
    .map((task) => ({ ...task, assignment: { ...task.assignment, state: done.get(task.assignment.id) ?? task.assignment.state } }))
    .filter((task) => LIVE.has(task.assignment.state))
    .sort((a, b) => Number(UNDER_WAY.has(b.assignment.state)) - Number(UNDER_WAY.has(a.assignment.state)) || a.assignment.seq - b.assignment.seq || a.assignment.start.localeCompare(b.assignment.start));
}

/** The tasks after one event. True `again` means: a task came that the phone knows too little about, ask the server. */
export function after(mine: MyTasks, change: Change): { mine: MyTasks; again: boolean } {
  const work = [...(change.assignment ? [change.assignment] : []), ...(change.assignments ?? [])].filter((a) => a.responder === mine.responder.id);
  const known = new Map(mine.tasks.map((task) => [task.assignment.id, task]));
  let again = false;
  for (const a of work) {
    const task = known.get(a.id);
    if (task && task.assignment.version <= a.version) known.set(a.id, { ...task, assignment: a });
    else if (!task && LIVE.has(a.state)) again = true;
    if (task && task.assignment.seq !== a.seq) again = true;
  }
  const incident = change.incident;
  if (incident) for (const [id, task] of known) if (task.incident.id === incident.id && task.incident.version <= incident.version) known.set(id, { ...task, incident });
  const responder = change.responder?.id === mine.responder.id && change.responder.version >= mine.responder.version ? change.responder : mine.responder;
  return { mine: { ...mine, responder, tasks: [...known.values()].filter((task) => LIVE.has(task.assignment.state)) }, again };
}
