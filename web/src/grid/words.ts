/** Days and shares of divisions in words. */
import type { Division } from "../api/divisions";
import { timeZone } from "../ui/formats";
import { language } from "../ui/language";

/** 1 Dec 2026, on the clock of the place. */
export const day = (at: string): string => new Intl.DateTimeFormat(language.value, { dateStyle: "medium", timeZone: timeZone() }).format(new Date(at));

/** How far a job is, 0..1; undefined where it does not say. */
export const shareOf = (progress: Division["progress"]): number | undefined => (progress === null ? undefined : typeof progress === "number" ? progress : progress.share);
