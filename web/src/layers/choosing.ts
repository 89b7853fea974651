/** What somebody wants of a layer: where, in which format and coordinates. Pure. */
import type { PublishedLayer } from "../api/layers";
import type { Language, Names } from "../api/types";
import { nameIn } from "../ui/language";

export const SYSTEMS = ["EPSG:4326", "EPSG:4490", "EPSG:3857", "EPSG:3826", "EPSG:25832", "GCJ-02", "BD-09"] as const;

export const worded = (text: string | Names, language: Language): string => (typeof text === "string" ? text : nameIn(text, language));
export const fieldNames = (layer: PublishedLayer): string[] => layer.fields.map((one) => (typeof one === "string" ? one : one.name));

/** A box as somebody types it, west, south, east, north; null where it is none. */
export function boxOf(text: string): [number, number, number, number] | null {
  const parts = text.split(/[\s,;]+/).filter(Boolean).map(Number);
  const [west = Number.NaN, south = Number.NaN, east = Number.NaN, north = Number.NaN] = parts;
  if (parts.length !== 4 || parts.some((one) => !Number.isFinite(one)) || west >= east || south >= north || Math.abs(south) > 90 || Math.abs(north) > 90) return null;
  return [west, south, east, north];
}
export const boxText = (box: readonly number[]): string => box.map((one) => one.toFixed(6)).join(",");

/** A link that stands alone: other programs know nothing of this page. */
export const whole = (path: string, origin: string): string => new URL(path, origin).href;
