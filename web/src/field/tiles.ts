/** Tiles around the tasks, fetched ahead so that the map is there when the signal is not. The service worker keeps them. */
import type { Point } from "../api/types";

const ZOOMS = [13, 14, 15, 16] as const;
const MOST = 160;

/** The tiles that a phone looks at around these points: one ring around each, at the zooms of a street. */
export function tilesAround(points: readonly Point[]): string[] {
  const found = new Set<string>();
  for (const point of points) {
    for (const z of ZOOMS) {
      const [x, y] = tileAt(point, z);
      for (let dx = -1; dx <= 1; dx++) for (let dy = -1; dy <= 1; dy++) found.add(`${z}/${x + dx}/${y + dy}`);
    }
  }
  return [...found].slice(0, MOST);
}

export function tileAt({ lon, lat }: Point, z: number): [x: number, y: number] {
  const n = 2 ** z, phi = (lat * Math.PI) / 180;
  return [Math.floor(((lon + 180) / 360) * n), Math.floor(((1 - Math.asinh(Math.tan(phi)) / Math.PI) / 2) * n)];
}

/** Ask for them once; without a service worker that keeps them there is no point in it. */
export async function keepTiles(district: number, points: readonly Point[]): Promise<void> {
  if (!globalThis.navigator.serviceWorker?.controller) return;
  const cache = await caches.open("gridward-tiles");
  for (const tile of tilesAround(points)) {
    const url = `/api/tiles/${district}/base/${tile}.mvt`;
    if (!(await cache.match(url))) await cache.add(url).catch(() => undefined); // asked again with the next task
  }
}
