/** The cells of a draft as the page holds them: put, found under a pointer, held on to by corners, counted. Pure. */
import type { CellShape, Edited } from "../api/divisions";
import type { Point } from "../api/types";
import { metres } from "../draw/draft";

export type Cells = ReadonlyMap<string, CellShape>;

export const bookOf = (features: readonly CellShape[]): Cells => new Map(features.map((one) => [one.properties.key, one]));

/** After an edit: what was touched is replaced, what is gone is taken away. */
export function put(cells: Cells, edited: Pick<Edited, "cells" | "gone">): Cells {
  const after = new Map(cells);
  for (const key of edited.gone) after.delete(key);
  for (const one of edited.cells.features) after.set(one.properties.key, one);
  return after;
}

/** Cells that an edit gives other ground; a neighbour that only gets a corner where a border meets its own is left out. */
export function others(cells: Cells, tried: readonly CellShape[]): CellShape[] {
  return tried.filter(({ properties: { key, area_m2, buildings } }) => {
    const was = cells.get(key)?.properties;
    return !was || Math.abs(was.area_m2 - area_m2) > 0.01 || was.buildings !== buildings;
  });
}

type Ring = readonly (readonly number[])[];
export const polygons = (shape: GeoJSON.Polygon | GeoJSON.MultiPolygon): readonly (readonly Ring[])[] => (shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates);

function within(ring: Ring, { lon, lat }: Point): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi = 0, yi = 0] = ring[i] ?? [], [xj = 0, yj = 0] = ring[j] ?? [];
    if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

export const covers = (cell: CellShape, point: Point): boolean =>
  polygons(cell.geometry).some(([outer, ...holes]) => outer !== undefined && within(outer, point) && !holes.some((hole) => within(hole, point)));

/** The cell under a point; null outside of all. */
export function cellAt(cells: Cells, point: Point): CellShape | null {
  for (const one of cells.values()) if (covers(one, point)) return one;
  return null;
}

/** The corner of a border that lies within `reach` metres of a point, else the nearest place on a border, else the point. */
export function snapped(cells: Iterable<CellShape>, point: Point, reach: number): Point {
  let corner: Point | null = null, near = reach, border: Point | null = null, beside = reach;
  for (const one of cells) {
    for (const ring of polygons(one.geometry).flat()) {
      for (let i = 1; i < ring.length; i++) {
        const a = at(ring[i - 1]), b = at(ring[i]);
        const far = metres(b, point);
        if (far < near) { near = far; corner = b; }
        const foot = footOf(point, a, b), off = metres(foot, point);
        if (off < beside) { beside = off; border = foot; }
      }
    }
  }
  return corner ?? border ?? point;
}
const at = (pair: readonly number[] | undefined): Point => ({ lon: pair?.[0] ?? 0, lat: pair?.[1] ?? 0 });

function footOf(point: Point, a: Point, b: Point): Point {
  const k = Math.cos((point.lat * Math.PI) / 180), dx = (b.lon - a.lon) * k, dy = b.lat - a.lat, length = dx * dx + dy * dy;
  const t = length ? Math.max(0, Math.min(1, ((point.lon - a.lon) * k * dx + (point.lat - a.lat) * dy) / length)) : 0;
  return { lon: a.lon + (b.lon - a.lon) * t, lat: a.lat + (b.lat - a.lat) * t };
}

const around = (ring: Ring): number => ring.slice(1).reduce((sum, to, i) => sum + metres(at(ring[i]), at(to)), 0);

/** Polsby and Popper's measure of a shape: 1 for a circle, towards 0 for a thread. */
export function compactness({ geometry, properties }: CellShape): number {
  const length = polygons(geometry).flat().reduce((sum, ring) => sum + around(ring), 0);
  return length ? Math.min(1, (4 * Math.PI * properties.area_m2) / length ** 2) : 0;
}

export interface Numbers { cells: number; people: number; buildings: number; largest: number; smallest: number; median: number; most: number; compact: number }

const middle = (sorted: readonly number[]): number => { const n = sorted.length; return n ? ((sorted[(n - 1) >> 1] ?? 0) + (sorted[n >> 1] ?? 0)) / 2 : 0; };

/** What a division comes to: areas in square metres, people of all and of the cell with most, median compactness. */
export function numbersOf(cells: Iterable<CellShape>): Numbers {
  const all = [...cells], areas = all.map((one) => one.properties.area_m2).sort((a, b) => a - b), people = all.map((one) => one.properties.people);
  return {
    cells: all.length, people: people.reduce((a, b) => a + b, 0), buildings: all.reduce((sum, one) => sum + one.properties.buildings, 0),
    largest: areas.at(-1) ?? 0, smallest: areas[0] ?? 0, median: middle(areas), most: people.length ? Math.max(...people) : 0,
    compact: middle(all.map(compactness).sort((a, b) => a - b)),
  };
}

/** How many cells a cut towards `aim` of each would make, at most and at least by its bounds; nulls where nothing is known. */
export function expected(total: number, { aim, least, most }: { aim: number; least: number; most: number }): { about: number; from: number; to: number } | null {
  if (!(aim > 0) || !(least >= 0) || !(most >= aim) || least > aim || total <= 0) return null;
  return { about: Math.max(1, Math.round(total / aim)), from: Math.max(1, Math.ceil(total / most)), to: least > 0 ? Math.max(1, Math.floor(total / least)) : Number.POSITIVE_INFINITY };
}
