/** What somebody is drawing: corners in their order, and the shape that they make. Pure. */
import type { DrawnShape } from "../api/roads";
import type { Point } from "../api/types";

export type Form = "line" | "area" | "circle";
export const FORMS: readonly Form[] = ["line", "area", "circle"];
export interface Draft { readonly form: Form; readonly points: readonly Point[]; readonly radius_m: number }

export const RADIUS = { least: 10, most: 2000, usual: 60 } as const;
const CORNERS_OF_A_CIRCLE = 48;
const EARTH_M = 6_371_008.8;
const SAME_PLACE_M = 0.5;
const NEEDED: Record<Form, number> = { line: 2, area: 3, circle: 1 };

export const begin = (form: Form = "line"): Draft => ({ form, points: [], radius_m: RADIUS.usual });

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Metres between two places on the sphere (haversine). */
export function metres(a: Point, b: Point): number {
  const lat = radians(b.lat - a.lat), lon = radians(b.lon - a.lon);
  const h = Math.sin(lat / 2) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(lon / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** One more corner; a circle has one middle, and a second click on the same spot is a double click. */
export function added(draft: Draft, point: Point): Draft {
  if (draft.form === "circle") return { ...draft, points: [point] };
  const last = draft.points.at(-1);
  return last && metres(last, point) < SAME_PLACE_M ? draft : { ...draft, points: [...draft.points, point] };
}

export const shifted = (draft: Draft, at: number, point: Point): Draft => ({ ...draft, points: draft.points.map((old, i) => (i === at ? point : old)) });
export const without = (draft: Draft, at: number): Draft => ({ ...draft, points: draft.points.filter((_, i) => i !== at) });
export const formed = (draft: Draft, form: Form): Draft => ({ ...draft, form, points: form === "circle" ? draft.points.slice(0, 1) : draft.points });
export const whole = (draft: Draft): boolean => draft.points.length >= NEEDED[draft.form];
export const missing = (draft: Draft): number => Math.max(0, NEEDED[draft.form] - draft.points.length);

const coordinates = ({ lon, lat }: Point): [number, number] => [lon, lat];

/** The circle as a ring of corners, closed. */
export function circle(middle: Point, radius_m: number): [number, number][] {
  const lat = radius_m / 111_195, lon = lat / Math.max(0.01, Math.cos(radians(middle.lat)));
  const ring = Array.from({ length: CORNERS_OF_A_CIRCLE }, (_, i): [number, number] => {
    const angle = (2 * Math.PI * i) / CORNERS_OF_A_CIRCLE;
    return [middle.lon + lon * Math.cos(angle), middle.lat + lat * Math.sin(angle)];
  });
  return [...ring, ring[0] as [number, number]];
}

/** The shape on the wire; null while corners are missing. */
export function geometryOf(draft: Draft): DrawnShape | null {
  const first = draft.points[0];
  if (!first || !whole(draft)) return null;
  if (draft.form === "circle") return { type: "Polygon", coordinates: [circle(first, draft.radius_m)] };
  const line = draft.points.map(coordinates);
  return draft.form === "line" ? { type: "LineString", coordinates: line } : { type: "Polygon", coordinates: [[...line, line[0] as [number, number]]] };
}

/** How long a line is, how far it is around an area; metres. */
export function lengthOf(draft: Draft): number {
  if (draft.form === "circle") return 2 * Math.PI * draft.radius_m;
  const ring = draft.form === "area" && draft.points[0] ? [...draft.points, draft.points[0]] : draft.points;
  return ring.slice(1).reduce((sum, point, i) => sum + metres(ring[i] as Point, point), 0);
}

/** Whether two edges of an area cross: the server would refuse it, so it is said while one draws. */
export function crossing(draft: Draft): boolean {
  if (draft.form !== "area" || draft.points.length < 4) return false;
  const n = draft.points.length, at = (i: number) => draft.points[i % n] as Point;
  for (let i = 0; i < n; i++) {
    for (let j = i + 2; j < n; j++) {
      if ((j + 1) % n !== i && cross(at(i), at(i + 1), at(j), at(j + 1))) return true;
    }
  }
  return false;
}

const side = (a: Point, b: Point, c: Point) => Math.sign((b.lon - a.lon) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lon - a.lon));
const cross = (a: Point, b: Point, c: Point, d: Point) => side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
