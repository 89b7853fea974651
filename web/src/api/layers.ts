/** What is published, and how it goes out. */
import { get, urlOf } from "./client";
import type { Language, Names } from "./types";

export interface PublishedLayer {
  id: string;
  title: string | Names;
  description: string | Names;
  geometry: string;
  rows: number | null;
  fields: (string | { name: string; type: string })[];
  formats: string[];
  url: string;
  tiles: string | null;
}
export interface Export { format: string; crs: string; bbox?: string | null; area?: number | null; district: number; filter?: string | null }
export interface Area { id: number; parent: number | null; level: string; code: string; name: string; names: Names }

export const layers = (district: number) => get<{ layers: PublishedLayer[] }>("/layers", { district });
export const areas = (district: number) => get<Area[]>(`/districts/${district}/areas`);
export const exportUrl = (layer: string, wanted: Export) => urlOf(`/layers/${encodeURIComponent(layer)}/export`, { ...wanted });
export const styleUrl = (theme: "day" | "night", language: Language) => `/api/styles/${theme}/${language}.json`;
