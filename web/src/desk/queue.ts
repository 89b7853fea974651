/** Which cases wait for what, which clock runs on each, and in which order a dispatcher wants them. Pure. */
import type { Assignment, Incident } from "../api/types";
import { workByIncident, type Desk } from "./state";

export type Filter = "waiting" | "under_way" | "verify" | "late" | "closed";
export const FILTERS: readonly Exclude<Filter, "closed">[] = ["waiting", "under_way", "verify", "late"];

const OPEN = new Set(["collected", "filed", "dispatched", "handling", "fed_back"]);
export const isOpen = (incident: Incident): boolean => OPEN.has(incident.stage);

export interface Clock { kind: "accept" | "arrive" | "handle"; start: string; due: string }

/** The clock that runs on a case now; null when none does. */
export function clockOf(incident: Incident): Clock | null {
  if (!isOpen(incident) || incident.stage === "fed_back") return null;
  const filed = incident.filed_at ?? incident.reported_at;
  if (!incident.accepted_at && incident.due_accept_at) return { kind: "accept", start: filed, due: incident.due_accept_at };
  if (!incident.arrived_at && incident.due_arrive_at) return { kind: "arrive", start: filed, due: incident.due_arrive_at };
  if (incident.due_handle_at) return { kind: "handle", start: incident.dispatched_at ?? filed, due: incident.due_handle_at };
  return null;
}

export function isLate(incident: Incident, now: number): boolean {
  const clock = clockOf(incident);
  return clock !== null && Date.parse(clock.due) < now;
}

const BEGUN = new Set(["accepted", "en_route", "on_scene"]);

/** Whether a case belongs to a count. A report that somebody is on the way to check no longer waits. */
export function fits(incident: Incident, work: Assignment | undefined, filter: Filter, now: number): boolean {
  const begun = incident.stage === "handling" || (incident.stage === "collected" && work !== undefined && BEGUN.has(work.state));
  switch (filter) {
    case "waiting": return !begun && ["collected", "filed", "dispatched"].includes(incident.stage);
    case "under_way": return begun;
    case "verify": return incident.stage === "fed_back";
    case "late": return isLate(incident, now);
    case "closed": return !isOpen(incident);
  }
}

export function counts(desk: Desk, now: number): Record<Filter, number> {
  const work = workByIncident(desk);
  const found: Record<Filter, number> = { waiting: 0, under_way: 0, verify: 0, late: 0, closed: 0 };
  for (const incident of desk.incidents.values()) {
    for (const filter of Object.keys(found) as Filter[]) if (fits(incident, work.get(incident.id), filter, now)) found[filter]++;
  }
  return found;
}

export interface Line { incident: Incident; work: Assignment | undefined; clock: Clock | null }

/** The queue: open cases by what runs out first, then by priority, then by age; closed ones newest first. */
export function queue(desk: Desk, filter: Filter | null, now: number): Line[] {
  const work = workByIncident(desk);
  const chosen = [...desk.incidents.values()].filter((i) => (filter ? fits(i, work.get(i.id), filter, now) : isOpen(i)));
  const lines = chosen.map((incident) => ({ incident, work: work.get(incident.id), clock: clockOf(incident) }));
  if (filter === "closed") return lines.sort((a, b) => (b.incident.closed_at ?? "").localeCompare(a.incident.closed_at ?? ""));
  return lines.sort((a, b) => wanted(a) - wanted(b) || a.incident.priority - b.incident.priority || a.incident.id - b.incident.id);
}

/** Minutes within which a desk wants to look at what has no clock of its own: unconfirmed reports, and finished work. */
const LOOK_WITHIN = { 1: 2, 2: 10, 3: 45, 4: 120 } as const;
const VERIFY_WITHIN = 60;

function wanted({ incident, work, clock }: Line): number {
  if (clock) return Date.parse(clock.due);
  if (incident.fed_back_at) return Date.parse(incident.fed_back_at) + VERIFY_WITHIN * 60_000;
  if (work && BEGUN.has(work.state)) return Date.parse(incident.reported_at) + VERIFY_WITHIN * 60_000;
  return Date.parse(incident.reported_at) + LOOK_WITHIN[incident.priority] * 60_000;
}
