/** The engine and its plans: why, proposals, what-if, weights. The shapes on the wire, one function per question or deed. */
import { get, post, put } from "./client";
import type { Candidate, Mode, Names, Point } from "./types";

export interface Named { id: number; name: string }
/** A part of a cost, named in the caller's language; costs are weighted seconds. */
export interface Part { code: string; name: string; value: number }
export interface ChangedPart { code: string; name: string; before: number; after: number }
export interface Said { code: string; message: string; params?: Record<string, unknown> }

export interface Priced extends Candidate {
  holds: boolean;
  price: { total: number; parts: Part[] } | null;
  /** the first hard rule of the plan that keeps this person out */
  hurdle: Said | null;
}

export interface Why {
  incident: number;
  number: string;
  purpose: string;
  made_at: string;
  holder: number | null;
  locked: boolean;
  plan: { cost: number; engine: string } | null;
  /** everybody of the district, best first */
  candidates: Priced[];
  chosen: { responder: number; message: string } | null;
  next: { responder: number; more: number; parts: Part[]; message: string } | null;
  unserved: { reason: string; message: string } | null;
  remedies: Said[];
  took_ms: number;
}

export interface PlanLine {
  id: number;
  made_at: string;
  engine: string;
  cost: number;
  seconds: number;
  placed: number;
  moved: number;
  changes: number;
  degraded: { code: string; message?: string } | null;
  asked_by: Named | null;
  applied_by: Named | null;
  undone_by: Named | null;
  undone_at: string | null;
  reason: string | null;
}

export interface Task { incident: number; number: string; title: string }
export interface PersonDiff {
  responder: number;
  name: string;
  gains: (Task & { from: number | null })[];
  loses: (Task & { to: number | null })[];
  /** begins earlier (below 0) or later, seconds */
  moves: (Task & { seconds: number })[];
  message: string;
}

export interface Proposal {
  id: number;
  district: number;
  made_at: string;
  epoch: number;
  engine: string;
  state: "open" | "applied" | "rejected" | "superseded";
  cost: { before: number; after: number; parts: ChangedPart[] };
  late: { before_minutes: number; after_minutes: number; before_cases: number; after_cases: number };
  changes: number;
  people: PersonDiff[];
  decided_by: Named | null;
  decided_at: string | null;
  reason: string | null;
}

export interface Standby { area: number; name: string; least: number; on_duty?: number; free: number; short: number }
export type PlanMode = "auto" | "ask";

export interface Planning {
  district: number;
  plan_mode: PlanMode;
  most_changes: number | null;
  version: number;
  changed_by: Named | null;
  changed_at: string | null;
  standby: Standby[];
  proposal: Proposal | null;
  last: PlanLine | null;
  undoable: PlanLine | null;
  plans: PlanLine[];
}

export interface Undone {
  restored: { incident: number; number: string; responder: number; name: string }[];
  could_not: { incident: number; number: string; code: string; message: string }[];
  plan: PlanLine;
}

export interface Joining { kind: "worker" | "volunteer"; skills: string[]; mode: Mode; point: Point; until: string | null; name: string | null }
export interface Question { out: number[]; join: Joining[]; close: GeoJSON.Geometry[]; seconds?: number }
export interface Outcome {
  cost: number;
  parts: Part[];
  late_minutes: number;
  late_cases: number;
  served: number;
  unserved: (Task & { reason: string; message: string })[];
  in_time: number;
}
export interface WhatIf { seconds: number; estimated: boolean; written: false; before: Outcome; after: Outcome; people: PersonDiff[]; message: string }

export type Unit = "factor" | "seconds" | "metres" | "thousandths" | "count";
export interface Weight {
  code: string;
  value: number;
  default: number;
  unit: Unit;
  least: number;
  most: number;
  group: string;
  names: Names;
  name: string;
  explained: Names;
  example: Names;
  changed_by: Named | null;
  changed_at: string | null;
}
export interface Weights { district: number; version: number; weights: Weight[] }

export interface MoveUp { responder: number; name: string; area: number; area_name: string; point: Point; seconds: number; message: string }
export interface MoveUps { areas: Standby[]; moves: MoveUp[] }

export interface SkillHeld { skill: string; level: number; valid_until: string | null }
export interface Limits {
  responder: number;
  version: number;
  skills: SkillHeld[];
  vehicle: { width_m: number | null; capacity: Record<string, number> } | null;
  overtime_seconds: number | null;
  rest_seconds: number | null;
  max_seconds: number | null;
  worked_today: number;
  worked_week: number;
}

export const why = (incident: number, signal?: AbortSignal) => get<Why>(`/incidents/${incident}/why`, {}, signal);

export const planning = (district: number) => get<Planning>(`/districts/${district}/planning`);
export const setPlanning = (district: number, body: { version: number; plan_mode: PlanMode; most_changes: number | null; standby: { area: number; least: number }[] }, key: string) =>
  put<Planning>(`/districts/${district}/planning`, body, key);
export const applyProposal = (id: number, body: { epoch: number; reason: string | null }, key: string) => post<{ proposal: Proposal; plan: PlanLine }>(`/proposals/${id}/apply`, body, key);
export const rejectProposal = (id: number, reason: string, key: string) => post<Proposal>(`/proposals/${id}/reject`, { reason }, key);
export const undoPlan = (id: number, reason: string, key: string) => post<Undone>(`/plans/${id}/undo`, { reason }, key);
export const moveUps = (district: number) => get<MoveUps>(`/districts/${district}/move-ups`);

export const whatIf = (district: number, question: Question, signal?: AbortSignal) => post<WhatIf>(`/districts/${district}/what-if`, question, undefined, signal);

export const weights = (district: number) => get<Weights>(`/districts/${district}/weights`);
export const setWeights = (district: number, body: { version: number; weights: Record<string, number> }, key: string) => put<Weights>(`/districts/${district}/weights`, body, key);
export const limits = (responder: number) => get<Limits>(`/responders/${responder}/limits`);
export const setLimits = (responder: number, body: Omit<Limits, "responder" | "worked_today" | "worked_week">, key: string) => put<Limits>(`/responders/${responder}/limits`, body, key);
