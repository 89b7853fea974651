/** The desk as the page knows it, and what each message makes of it. Pure: values in, a new value out. */
import type { Assignment, Change, Degraded, DeskSnapshot, Incident, Plan, Position, Responder } from "../api/types";

export interface Waiting { reason: string; params: Record<string, unknown>; message: string }

export interface Desk {
  readonly incidents: ReadonlyMap<number, Incident>;
  readonly assignments: ReadonlyMap<number, Assignment>;
  readonly responders: ReadonlyMap<number, Responder>;
  readonly plan: Plan | null;
  /** why an open case has nobody, by case */
  readonly unassigned: ReadonlyMap<number, Waiting>;
  readonly degraded: readonly Degraded[];
}

const byId = <T extends { id: number }>(list: readonly T[]): ReadonlyMap<number, T> => new Map(list.map((thing) => [thing.id, thing]));

export function opened(snapshot: DeskSnapshot): Desk {
  return {
    incidents: byId(snapshot.incidents),
    assignments: byId(snapshot.assignments),
    responders: byId(snapshot.responders),
    plan: snapshot.plan,
    unassigned: new Map(Object.entries(snapshot.unassigned).map(([id, why]) => [Number(id), why])),
    degraded: snapshot.degraded,
  };
}

/** The desk after one event. Unknown kinds change nothing: an old page must survive a new server. */
export function apply(desk: Desk, change: Change): Desk {
  switch (change.kind.split(".", 1)[0]) {
    case "incident":
    case "assignment":
    case "responder":
      return carried(desk, change);
    case "plan":
      return planned(carried(desk, change), change.plan);
    default:
      return desk;
  }
}

/** Put whatever the event carries, each by its version. */
function carried(desk: Desk, change: Change): Desk {
  const work = [...(change.assignment ? [change.assignment] : []), ...(change.assignments ?? [])];
  const after: Desk = {
    ...desk,
    incidents: put(desk.incidents, change.incident ? [change.incident] : []),
    assignments: put(desk.assignments, work),
    responders: put(desk.responders, change.responder ? [change.responder] : []),
  };
  return served(after, work);
}

/** A case that somebody has is no longer one without anybody. */
function served(desk: Desk, work: readonly Assignment[]): Desk {
  const now = work.filter((a) => isLive(a) && desk.unassigned.has(a.incident));
  if (!now.length) return desk;
  const unassigned = new Map(desk.unassigned);
  for (const a of now) unassigned.delete(a.incident);
  return { ...desk, unassigned };
}

function planned(desk: Desk, plan: Plan | undefined): Desk {
  if (!plan || (desk.plan && desk.plan.id > plan.id)) return desk;
  return { ...desk, plan, unassigned: new Map((plan.unassigned ?? []).map(({ incident, ...why }) => [incident, why])) };
}

/** Things replaced by newer versions; the same map when nothing is newer. */
function put<T extends { id: number; version: number }>(map: ReadonlyMap<number, T>, things: readonly T[]): ReadonlyMap<number, T> {
  const newer = things.filter((thing) => (map.get(thing.id)?.version ?? -1) <= thing.version);
  if (!newer.length) return map;
  const after = new Map(map);
  for (const thing of newer) after.set(thing.id, keptPosition(map.get(thing.id), thing));
  return after;
}

/** A position is not versioned: a change of a person never takes a newer position back. */
function keptPosition<T extends { id: number; version: number }>(before: T | undefined, after: T): T {
  const old = before as Partial<Responder> | undefined, next = after as Partial<Responder>;
  if (!old?.point_at || (next.point_at && next.point_at >= old.point_at)) return after;
  return { ...after, point: old.point, point_at: old.point_at, heading: old.heading, speed: old.speed };
}

/** The desk after people moved. A late fix never overwrites a newer one; people out of scope are ignored. */
export function moved(desk: Desk, positions: readonly Position[]): Desk {
  let responders: Map<number, Responder> | null = null;
  for (const { responder, lon, lat, at, heading, speed } of positions) {
    const who = (responders ?? desk.responders).get(responder);
    if (!who || (who.point_at && who.point_at > at)) continue;
    responders ??= new Map(desk.responders);
    responders.set(responder, { ...who, point: { lon, lat }, point_at: at, heading, speed });
  }
  return responders ? { ...desk, responders } : desk;
}

export const degraded = (desk: Desk, list: readonly Degraded[]): Desk => ({ ...desk, degraded: list });

const LIVE = new Set(["offered", "accepted", "en_route", "on_scene"]);
const ORDER = ["on_scene", "en_route", "accepted", "offered"];

export const isLive = (a: Assignment): boolean => LIVE.has(a.state);

/** The live assignment of each case, whoever is furthest along. */
export function workByIncident(desk: Desk): ReadonlyMap<number, Assignment> {
  const found = new Map<number, Assignment>();
  for (const a of desk.assignments.values()) {
    if (!isLive(a)) continue;
    const other = found.get(a.incident);
    if (!other || ORDER.indexOf(a.state) < ORDER.indexOf(other.state)) found.set(a.incident, a);
  }
  return found;
}

/** The live assignments of each person, in their order. */
export function workByResponder(desk: Desk): ReadonlyMap<number, Assignment[]> {
  const found = new Map<number, Assignment[]>();
  for (const a of desk.assignments.values()) if (isLive(a)) found.set(a.responder, [...(found.get(a.responder) ?? []), a]);
  for (const list of found.values()) list.sort((a, b) => a.seq - b.seq || a.start.localeCompare(b.start));
  return found;
}
