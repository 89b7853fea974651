/** Roads that are closed, and how fast they are by the hour: the shapes on the wire, one function per question or deed. */
import { get, patch, post, put } from "./client";
import type { Mode } from "./types";

export type ClosedShape = GeoJSON.LineString | GeoJSON.MultiLineString | GeoJSON.Polygon | GeoJSON.MultiPolygon;
/** What somebody draws here; a circle goes as a ring of corners. */
export type DrawnShape = GeoJSON.LineString | GeoJSON.Polygon;
export type ClosureState = "coming" | "live" | "over" | "lifted";
export interface Trouble { code: string; message?: string }

export interface ClosureFacts {
  id: number;
  district: number;
  area: number | null;
  /** whom it stops */
  modes: Mode[];
  starts: string;
  /** null: until somebody lifts it */
  ends: string | null;
  reason: string;
  source: string;
  source_key: string;
  state: ClosureState;
  in_force: boolean;
  in_force_since: string | null;
  segments: number;
  trouble: Trouble | null;
  lifted_at: string | null;
  created_by: number | null;
  created_at: string;
  version: number;
}

export type Closure = Omit<GeoJSON.Feature<ClosedShape, ClosureFacts>, "id"> & { id: number };
export interface Closures { features: Closure[]; state?: { live: number; in_force: number; since: string | null; trouble: Trouble | null; busy: boolean } }

export interface NewClosure {
  district: number;
  geometry: DrawnShape;
  modes: Mode[];
  starts?: string;
  ends?: string | null;
  reason: string;
}

export const closures = (district: number, all = false) => get<Closures>("/closures", { district, all: all || null });
export const close = (body: NewClosure, key: string) => post<Closure>("/closures", body, key);
export const change = (id: number, body: { version: number; starts?: string; ends?: string | null; reason?: string; modes?: Mode[] }, key: string) =>
  patch<Closure>(`/closures/${id}`, body, key);
export const lift = (id: number, version: number, key: string) => post<Closure>(`/closures/${id}/lift`, { version }, key);

export type DayKind = "weekday" | "weekend";
export interface HourSpeed {
  hour: number;
  /** thousandths of the road engine's time: 1300 takes 30 % longer */
  permille: number;
  source: "table" | "learned" | "default";
  samples: number;
  /** what the team's own ways say, shown before it is used */
  learned: { permille: number; samples: number } | null;
}
export interface Speeds {
  district: number;
  time_zone: string;
  least: number;
  most: number;
  version: number;
  modes: Record<Mode, Record<DayKind, HourSpeed[]>>;
}
/** A value, `learned: true` to take over what was learned, or null for back to the default. */
export interface SpeedRow { mode: Mode; day: DayKind; hour: number; permille?: number | null; learned?: boolean }

export const speeds = (district: number) => get<Speeds>(`/districts/${district}/speeds`);
export const setSpeeds = (district: number, body: { version: number; rows: SpeedRow[] }, key: string) => put<Speeds>(`/districts/${district}/speeds`, body, key);
