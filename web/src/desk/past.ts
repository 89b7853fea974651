/** The desk as it stood at a moment of the last hours, told from the stamps that every case carries. Pure. */
import type { Assignment, Incident, Stage } from "../api/types";
import type { Desk } from "./state";

const before = (stamp: string | null, moment: number): boolean => stamp !== null && Date.parse(stamp) <= moment;

/** A case at `moment`; null when nobody had reported it yet. */
export function caseAt(incident: Incident, moment: number): Incident | null {
  if (!before(incident.reported_at, moment)) return null;
  const keep = (stamp: string | null) => (before(stamp, moment) ? stamp : null);
  const past = {
    ...incident, filed_at: keep(incident.filed_at), dispatched_at: keep(incident.dispatched_at), accepted_at: keep(incident.accepted_at),
    arrived_at: keep(incident.arrived_at), fed_back_at: keep(incident.fed_back_at), closed_at: keep(incident.closed_at),
  };
  return { ...past, stage: stageOf(past, incident.stage) };
}

function stageOf(at: Incident, now: Stage): Stage {
  if (at.closed_at) return now === "rejected" ? "rejected" : "closed";
  if (at.fed_back_at) return "fed_back";
  if (at.accepted_at || at.arrived_at) return "handling";
  if (at.dispatched_at) return "dispatched";
  return at.filed_at ? "filed" : "collected";
}

/** Work at `moment`; null when it was not yet offered or already over. */
export function workAt(a: Assignment, moment: number): Assignment | null {
  if (!before(a.offered_at, moment) || before(a.ended_at, moment)) return null;
  const state = before(a.arrived_at, moment) ? "on_scene" : before(a.departed_at, moment) ? "en_route" : before(a.accepted_at, moment) ? "accepted" : "offered";
  return { ...a, state };
}

/** Cases and work as they stood. Positions are not kept by the page, so nobody is shown. */
export function deskAt(desk: Desk, moment: number): Desk {
  const incidents = [...desk.incidents.values()].map((i) => caseAt(i, moment)).filter((i) => i !== null);
  const assignments = [...desk.assignments.values()].map((a) => workAt(a, moment)).filter((a) => a !== null);
  return { ...desk, incidents: new Map(incidents.map((i) => [i.id, i])), assignments: new Map(assignments.map((a) => [a.id, a])), unassigned: new Map() };
}
