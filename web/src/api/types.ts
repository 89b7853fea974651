/** The shapes of the HTTP contract: snake_case as on the wire, times ISO 8601 UTC, lengths metres, durations seconds. */
import type { Closure } from "./roads";

export type Language = "en" | "zh-Hans" | "zh-Hant";
export type Role = "resident" | "volunteer" | "worker" | "dispatcher" | "supervisor" | "planner" | "administrator";
export type Priority = 1 | 2 | 3 | 4;
export type Stage = "collected" | "filed" | "dispatched" | "handling" | "fed_back" | "closed" | "evaluated" | "rejected";
export type Purpose = "check" | "handle" | "verify";
export type AssignmentState = "offered" | "accepted" | "en_route" | "on_scene" | "done" | "declined" | "withdrawn";
export type Mode = "walk" | "cycle" | "drive";
export type Duty = "available" | "break" | "off";
export type Names = Readonly<Record<string, string>>;

export interface Point {
  lon: number;
  lat: number;
}

export interface RasterSource {
  name: string;
  url: string;
  attribution: string;
}

export interface DistrictBrief {
  id: number;
  code: string;
  name: string;
  names: Names;
  bounds: [west: number, south: number, east: number, north: number];
  centre: Point;
  time_zone: string;
  attribution: string;
  fictional: boolean;
}

export interface Session {
  user: { id: number; login: string; name: string; language: string; responder: number | null };
  roles: Role[];
  grants: { role: Role; district: number; area: number; area_name: string }[];
  csrf: string;
  demo: boolean;
  districts: DistrictBrief[];
  home: string;
  raster?: RasterSource[];
}

export interface Criterion {
  code: string;
  names: Names;
  handle_seconds?: number | null;
}

export interface IncidentClass {
  code: string;
  version: number;
  major: string;
  major_names: Names;
  names: Names;
  skill: string | null;
  priority: Priority;
  service_seconds: number;
  accept_seconds: number;
  arrive_seconds: number;
  handle_seconds: number;
  volunteers: boolean;
  public: boolean;
  icon: string;
  filing: Criterion[];
  closing: Criterion[];
}

export interface Incident {
  id: number;
  number: string;
  district: number;
  area: number | null;
  cell: number | null;
  cell_code: string | null;
  source: string;
  class_code: string;
  class_version: number;
  priority: Priority;
  skill: string | null;
  service_seconds: number;
  title: string;
  description: string;
  place: string;
  found: string;
  accuracy_m: number;
  point: Point | null;
  stage: Stage;
  version: number;
  reported_at: string;
  filed_at: string | null;
  dispatched_at: string | null;
  accepted_at: string | null;
  arrived_at: string | null;
  fed_back_at: string | null;
  closed_at: string | null;
  due_accept_at: string | null;
  due_arrive_at: string | null;
  due_handle_at: string | null;
  filing_criterion: string | null;
  closing_criterion: string | null;
  outcome: string | null;
  handled_by: number | null;
  verified_by: number | null;
  reopened: number;
  returned: number;
  score: number | null;
}

export interface Assignment {
  id: number;
  incident: number;
  district: number;
  responder: number;
  purpose: Purpose;
  start: string;
  end: string;
  state: AssignmentState;
  version: number;
  placed_by: number | null;
  seq: number;
  travel_seconds: number;
  travel_metres: number;
  estimated: boolean;
  eta: string;
  offered_at: string;
  accepted_at: string | null;
  departed_at: string | null;
  arrived_at: string | null;
  ended_at: string | null;
  reason: string | null;
  /** which part of a crew: 0 leads the case */
  part?: number;
}

export interface Responder {
  id: number;
  district: number;
  area: number | null;
  name: string;
  kind: "worker" | "volunteer";
  mode: Mode;
  skills: string[];
  duty: Duty;
  on_shift: boolean;
  shift_end: string | null;
  home: Point;
  home_cell: number | null;
  point: Point | null;
  point_at: string | null;
  heading: number | null;
  speed: number | null;
  radius_m: number | null;
  max_tasks: number;
  version: number;
}

export interface Unassigned {
  incident: number;
  reason: string;
  params: Record<string, unknown>;
  message: string;
}

export interface Plan {
  id: number;
  made_at: string;
  engine: string;
  seconds: number;
  cost: number;
  estimated: boolean;
  placed: number;
  moved: number;
  unassigned: Unassigned[];
  /** promises that changed hands */
  changes?: number;
  /** why somebody simpler than the engine found it */
  degraded?: { code: string; message?: string } | null;
}

export interface TimelineEntry {
  seq: number;
  at: string;
  kind: string;
  actor: { id: number; name: string } | null;
  reason: string | null;
  message: string;
  assignment: number | null;
  responder: number | null;
}

export type PlaceKind =
  | "address" | "interpolated" | "neighbour" | "lane" | "street" | "crossing" | "near" | "post" | "facility" | "area" | "cell" | "coordinates" | "pin" | "incident" | "responder";

export interface Place {
  label: string;
  kind: PlaceKind;
  found: string;
  score: number;
  accuracy_m: number;
  point: Point | null;
  cell: number | null;
  cell_code: string | null;
  area: number | null;
  id?: number;
}

export interface Degraded {
  what: "travel" | "geocode" | "planner" | "stream" | "solver";
  mode?: string;
  since: string;
  message: string;
}

export interface DeskSnapshot {
  cursor: string;
  now: string;
  district: DistrictBrief;
  incidents: Incident[];
  assignments: Assignment[];
  responders: Responder[];
  plan: Plan | null;
  unassigned: Record<string, { reason: string; params: Record<string, unknown>; message: string }>;
  degraded: Degraded[];
}

export interface Change {
  kind: string;
  at: string;
  incident_id: number | null;
  assignment_id: number | null;
  responder_id: number | null;
  actor: number | null;
  reason: string | null;
  incident?: Incident;
  assignment?: Assignment;
  assignments?: Assignment[];
  responder?: Responder;
  plan?: Plan;
  closure?: Closure;
  closures?: Closure[];
}

export interface Position {
  responder: number;
  lon: number;
  lat: number;
  at: string;
  heading: number | null;
  speed: number | null;
}

export type DeedName =
  | "confirm" | "reject" | "withdraw" | "return" | "close" | "reopen" | "evaluate"
  | "reclassify" | "relocate" | "note" | "assign";

export interface Deed {
  deed: DeedName;
  needs: { reason: boolean; criterion: Criterion[] | null; outcome: boolean };
}

export interface RouteLine {
  line: [lon: number, lat: number][];
  seconds: number;
  metres: number;
  estimated: boolean;
}

export interface StoredFile {
  id: number;
  media_type: string;
  at: string;
  url: string;
}

export interface IncidentDetail {
  incident: Incident;
  contact?: string | null;
  class: IncidentClass;
  assignments: Assignment[];
  responders: Record<string, Responder>;
  timeline: TimelineEntry[];
  files: StoredFile[];
  deeds: Deed[];
  unassigned: { reason: string; params: Record<string, unknown>; message: string } | null;
  routes: Record<string, RouteLine>;
}

export interface Rule {
  code: string;
  passed: boolean;
  params: Record<string, unknown>;
  message: string;
}

export interface Candidate {
  responder: Responder;
  fit: boolean;
  seconds: number | null;
  metres: number | null;
  straight_metres: number | null;
  eta: string | null;
  load: { tasks: number; busy_until: string | null };
  position_age: number | null;
  rules: Rule[];
  estimated: boolean;
}

export interface Leg {
  seconds: number;
  metres: number;
  estimated: boolean;
}

export interface DayRoute {
  line: [lon: number, lat: number][];
  legs: Leg[];
  estimated: boolean;
}

export interface ResponderDay {
  responder: Responder;
  shifts: { start: string; end: string }[];
  tasks: { assignment: Assignment; incident: Incident }[];
  route: DayRoute | null;
  done_today: number;
  metres_today: number;
}

export interface CellDetail {
  id: number;
  code: string;
  seq: number;
  area: number;
  area_name: string;
  area_m2: number;
  buildings: number;
  people: number;
  centre: Point;
  geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon;
  responsible: { id: number; name: string } | null;
  facilities: { id: number; kind: string; name: string | null; point: Point }[];
  open_incidents: number[];
}

export interface FacilityKind {
  kind: string;
  names: Names;
  icon: string;
  count: number;
}

export interface Skill {
  code: string;
  names: Names;
}

export interface DemoLinks {
  demo: boolean;
  links: { role: Role; url: string; name: string }[];
}
