/** Values for tests: say what matters, the rest is ordinary. */
import type { Closure, ClosureFacts } from "../src/api/roads";
import type { Assignment, Change, DeskSnapshot, Incident, IncidentDetail, Plan, Responder } from "../src/api/types";

const AT = "2026-11-22T12:00:00Z";

export const incident = (some: Partial<Incident> = {}): Incident => ({
  id: 1, number: "HEL-261122-0001", district: 1, area: null, cell: 1, cell_code: "HEL05009", source: "phone", class_code: "C0101", class_version: 1,
  priority: 3, skill: null, service_seconds: 600, title: "Manhole cover", description: "", place: "Mikonkatu 1", found: "exact", accuracy_m: 5,
  point: { lon: 24.94, lat: 60.17 }, stage: "collected", version: 1, reported_at: AT, filed_at: null, dispatched_at: null, accepted_at: null, arrived_at: null,
  fed_back_at: null, closed_at: null, due_accept_at: null, due_arrive_at: null, due_handle_at: null, filing_criterion: null, closing_criterion: null,
  outcome: null, handled_by: null, verified_by: null, reopened: 0, returned: 0, score: null, ...some,
});

export const assignment = (some: Partial<Assignment> = {}): Assignment => ({
  id: 1, incident: 1, district: 1, responder: 7, purpose: "handle", start: AT, end: AT, state: "offered", version: 1, placed_by: null, seq: 1, travel_seconds: 240,
  travel_metres: 900, estimated: false, eta: AT, offered_at: AT, accepted_at: null, departed_at: null, arrived_at: null, ended_at: null, reason: null, ...some,
});

export const responder = (some: Partial<Responder> = {}): Responder => ({
  id: 7, district: 1, area: null, name: "Ruta Birch", kind: "worker", mode: "walk", skills: [], duty: "available", on_shift: true, shift_end: null,
  home: { lon: 24.94, lat: 60.17 }, home_cell: null, point: null, point_at: null, heading: null, speed: null, radius_m: null, max_tasks: 8, version: 1, ...some,
});

export const plan = (some: Partial<Plan> = {}): Plan => ({ id: 1, made_at: AT, engine: "ortools", seconds: 0.4, cost: 1, estimated: false, placed: 1, moved: 0, unassigned: [], ...some });

export const snapshot = (some: Partial<DeskSnapshot> = {}): DeskSnapshot => ({
  cursor: "1-1", now: AT, district: { id: 1, code: "HEL", name: "Helsinki", names: {}, bounds: [0, 0, 1, 1], centre: { lon: 0, lat: 0 }, time_zone: "Europe/Helsinki", attribution: "", fictional: true },
  incidents: [], assignments: [], responders: [], plan: null, unassigned: {}, degraded: [], ...some,
});

export const change = (kind: string, some: Partial<Change> = {}): Change => ({ kind, at: AT, incident_id: null, assignment_id: null, responder_id: null, actor: null, reason: null, ...some });

export const detail = (some: Partial<IncidentDetail> = {}): IncidentDetail => ({
  incident: incident(), class: { code: "C0101", version: 1, major: "C", major_names: {}, names: {}, skill: null, priority: 3, service_seconds: 600, accept_seconds: 600, arrive_seconds: 1800, handle_seconds: 7200, volunteers: true, public: true, icon: "maki/marker", filing: [], closing: [] },
  assignments: [], responders: {}, timeline: [], files: [], deeds: [], unassigned: null, routes: {}, ...some,
});

export const closure = (some: Partial<ClosureFacts> = {}): Closure => ({
  type: "Feature", id: some.id ?? 1, geometry: { type: "LineString", coordinates: [[24.94, 60.17], [24.95, 60.17]] },
  properties: {
    id: 1, district: 1, area: null, modes: ["walk", "cycle", "drive"], starts: "2026-11-22T08:00:00Z", ends: null, reason: "Burst pipe", source: "desk", source_key: "1", state: "live",
    in_force: true, in_force_since: "2026-11-22T08:00:02Z", segments: 14, trouble: null, lifted_at: null, created_by: 3, created_at: "2026-11-22T08:00:00Z", version: 1, ...some,
  },
});
