/** Times and lengths as people say them, in the language of the page. */
import { i18n, language } from "./language";
import type { Language } from "../api/types";

let zone: string | undefined;

/** Clock times are those of the place, not of the browser. */
export function useTimeZone(name: string | undefined): void {
  zone = name;
}

export const timeZone = (): string | undefined => zone;

const say = (key: string, params: Record<string, unknown>, tag: Language) => i18n.global.t(`common.${key}`, params, { locale: tag });

/** A span of seconds in at most two units: 40 s, 12 min, 1 h 20 min, 2 d 3 h. */
export function span(seconds: number, tag: Language = language.value): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return say("span.s", { n: s }, tag);
  const minutes = Math.round(s / 60);
  if (minutes < 60) return say("span.min", { n: minutes }, tag);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? say("span.h_min", { h: hours, m: minutes % 60 }, tag) : say("span.h", { n: hours }, tag);
  const days = Math.floor(hours / 24);
  return hours % 24 ? say("span.d_h", { d: days, h: hours % 24 }, tag) : say("span.d", { n: days }, tag);
}

/** How long ago, or in how long: "3 min ago", "in 12 min", "just now". */
export function relative(at: string | null | undefined, now: number, tag: Language = language.value): string {
  if (!at) return "";
  const seconds = (Date.parse(at) - now) / 1000;
  if (Math.abs(seconds) < 5) return say("just_now", {}, tag);
  return say(seconds > 0 ? "in" : "ago", { span: span(Math.abs(seconds), tag) }, tag);
}

/** 14:32 in the place's time. */
export function clock(at: string | number | null | undefined, tag: Language = language.value): string {
  if (at === null || at === undefined) return "";
  return new Intl.DateTimeFormat(tag, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(new Date(at));
}

const SAME_DAY_MS = 18 * 3_600_000;

/** 14:32, with the day before it where that is not near: "Tue 14:32". */
export function moment(at: string | number | null | undefined, now: number, tag: Language = language.value): string {
  if (at === null || at === undefined) return "";
  const far = Math.abs(new Date(at).getTime() - now) > SAME_DAY_MS;
  return far ? `${new Intl.DateTimeFormat(tag, { weekday: "short", timeZone: zone }).format(new Date(at))} ${clock(at, tag)}` : clock(at, tag);
}

/** The exact stamp, for hovering. */
export function stamp(at: string | number | null | undefined, tag: Language = language.value): string {
  if (at === null || at === undefined) return "";
  return new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "long", timeZone: zone }).format(new Date(at));
}

/** Metres below a kilometre in tens, kilometres with one decimal below ten. */
export function distance(metres: number, tag: Language = language.value): string {
  if (metres < 995) return say("m", { n: Math.round(metres / 10) * 10 }, tag);
  const km = metres / 1000;
  return say("km", { n: km < 10 ? km.toFixed(1) : number(Math.round(km), tag) }, tag);
}

/** Square metres to the tenth below a hundred and in tens above, hectares from one on. */
export function area(m2: number, tag: Language = language.value): string {
  if (m2 < 99.95) return say("m2", { n: number(m2, tag) }, tag);
  return m2 < 9_500 ? say("m2", { n: number(Math.round(m2 / 10) * 10, tag) }, tag) : say("ha", { n: (m2 / 10_000).toFixed(1) }, tag);
}

export function number(value: number, tag: Language = language.value): string {
  return new Intl.NumberFormat(tag, { maximumFractionDigits: 1 }).format(value);
}

export interface Deadline {
  /** seconds left; negative when late */
  left: number;
  /** what is left of the time that was given, 0..1 */
  share: number;
  late: boolean;
  /** little is left: a quarter of the time, or the last five minutes of more than ten */
  soon: boolean;
  text: string;
}

/** How a deadline stands. `start` and `due` are stamps, `now` milliseconds. */
export function deadline(start: string, due: string, now: number, tag: Language = language.value): Deadline {
  const end = Date.parse(due);
  const whole = Math.max(1, (end - Date.parse(start)) / 1000);
  const left = (end - now) / 1000;
  const share = Math.min(1, Math.max(0, left / whole));
  const late = left < 0;
  const text = late ? say("late", { span: span(-left, tag) }, tag) : countdown(left, tag);
  return { left, share, late, soon: !late && (share < 0.25 || (left < 300 && share < 0.5)), text };
}

/** mm:ss below an hour, words above, one unit from ten hours on. */
export function countdown(seconds: number, tag: Language = language.value): string {
  if (seconds >= 86_400) return say("span.d", { n: Math.floor(seconds / 86_400) }, tag);
  if (seconds >= 36_000) return say("span.h", { n: Math.floor(seconds / 3600) }, tag);
  if (seconds >= 3600) return span(seconds, tag);
  const s = Math.max(0, Math.floor(seconds));
  return `${String(Math.floor(s / 60)).padStart(2, "0")}:${String(s % 60).padStart(2, "0")}`;
}

/** Up to two signs that stand for a person on the map: Chinese names by their last two characters. */
export function initials(name: string): string {
  const plain = name.trim();
  if (/[\u3400-\u9fff]/.test(plain)) return plain.replace(/\s/g, "").slice(-2);
  const words = plain.split(/[\s-]+/).filter(Boolean);
  const first = words[0]?.[0] ?? "?";
  const last = words.length > 1 ? (words[words.length - 1]?.[0] ?? "") : "";
  return (first + last).toUpperCase();
}

/** What people say of a cell's code: without the letters of the place; of an official code of many digits the last four. */
export function shortCell(code: string | null | undefined): string {
  const digits = (code ?? "").replace(/^\D+/, "");
  return digits.length > 6 ? digits.slice(-4) : digits;
}
