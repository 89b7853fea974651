/** What anybody may ask and do without an account. */
import { get, post, upload } from "./client";
import type { DistrictBrief, IncidentClass, Place, Point, Stage } from "./types";

export interface PublicReport { class_code: string; description: string; text?: string; point?: Point; contact?: string }
export interface Receipt { number: string; token: string; url: string }
export interface Track { number: string; title: string; place: string; stage: Stage; stages: { stage: Stage; at: string | null }[]; updated_at: string; evaluable: boolean }

export const districts = () => get<DistrictBrief[]>("/public/districts");
export const classes = (district: number) => get<IncidentClass[]>(`/public/districts/${district}/classes`);
export const search = (district: number, q: string, signal?: AbortSignal) => get<Place[]>(`/public/districts/${district}/search`, { q }, signal);
export const locate = (district: number, at: Point) => get<Place>(`/public/districts/${district}/locate`, { lon: at.lon, lat: at.lat });
export const report = (district: number, body: PublicReport, key: string) => post<Receipt>(`/public/districts/${district}/reports`, body, key);
export const track = (token: string) => get<Track>(`/public/reports/${token}`);
export const photo = (token: string, file: Blob, key: string) => upload<null>(`/public/reports/${token}/files`, file, "photo.jpg", key);
export const evaluate = (token: string, score: number, comment: string, key: string) => post<Track>(`/public/reports/${token}/evaluate`, { score, comment }, key);
