/** What the desk asks and does, one function per question or deed. */
import { get, post, upload } from "./client";
import type {
  Candidate, CellDetail, DeedName, DeskSnapshot, Duty, FacilityKind, Incident, IncidentClass, IncidentDetail,
  Place, Plan, Point, Purpose, ResponderDay, Skill, StoredFile,
} from "./types";

export interface Report {
  class_code: string;
  text?: string;
  point?: Point;
  title?: string;
  description: string;
  place?: string;
  contact?: string;
  source: "phone" | "web" | "field";
  filing_criterion?: string;
  priority?: number;
}

export interface DeedBody {
  version: number;
  reason?: string;
  criterion?: string;
  outcome?: string;
  score?: number;
  class_code?: string;
  point?: Point;
  text?: string;
  note?: string;
}

export const desk = (district: number) => get<DeskSnapshot>(`/districts/${district}/desk`);
export const classes = (district: number) => get<IncidentClass[]>(`/districts/${district}/classes`);
export const skills = (district: number) => get<Skill[]>(`/districts/${district}/skills`);
export const facilityKinds = (district: number) => get<FacilityKind[]>(`/districts/${district}/facility-kinds`);

export const search = (district: number, q: string, near: Point | null, limit = 8, signal?: AbortSignal) =>
  get<Place[]>(`/districts/${district}/search`, { q, limit, lon: near?.lon, lat: near?.lat }, signal);

export const locate = (district: number, at: Point, signal?: AbortSignal) =>
  get<Place>(`/districts/${district}/locate`, { lon: at.lon, lat: at.lat }, signal);

export const cell = (district: number, id: number) => get<CellDetail>(`/districts/${district}/cells/${id}`);
export const incident = (id: number) => get<IncidentDetail>(`/incidents/${id}`);
export const day = (responder: number) => get<ResponderDay>(`/responders/${responder}/day`);

export const candidates = (id: number, purpose?: Purpose) =>
  get<{ candidates: Candidate[]; made_at: string }>(`/incidents/${id}/candidates`, { purpose });

export const report = (district: number, body: Report, key: string) =>
  post<Incident>(`/districts/${district}/incidents`, body, key);

export const assign = (id: number, body: { responder: number; version: number; purpose?: Purpose; reason?: string }, key: string) =>
  post<unknown>(`/incidents/${id}/assign`, body, key);

export const deed = (id: number, name: DeedName, body: DeedBody, key: string) =>
  post<Incident>(`/incidents/${id}/${name}`, body, key);

export const attach = (id: number, file: File, key: string) => upload<StoredFile>(`/incidents/${id}/files`, file, file.name, key);
export const plan = (district: number, key: string) => post<Plan>(`/districts/${district}/plan`, {}, key);
export const setDuty = (responder: number, duty: Duty, key: string) => post<unknown>(`/responders/${responder}/duty`, { duty }, key);
