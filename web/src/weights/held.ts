/** What somebody holds and how long they may work, as a form writes it. Pure. */
import type { Limits } from "../api/engine";

export interface HeldForm {
  skills: { skill: string; level: number; valid_until: string | null }[];
  width: string;
  goods: { name: string; amount: number }[];
  /** minutes; empty: as the weights say */
  overtime: string;
  rest: string;
  most: string;
}

const minutes = (seconds: number | null): string => (seconds === null ? "" : String(Math.round(seconds / 60)));
const seconds = (text: string): number | null => (text.trim() === "" ? null : Math.max(0, Math.round(Number(text.replace(",", ".")) * 60)));

export function formOf(limits: Limits): HeldForm {
  return {
    skills: limits.skills.map((one) => ({ ...one })),
    width: limits.vehicle?.width_m === null || limits.vehicle === null ? "" : String(limits.vehicle.width_m),
    goods: Object.entries(limits.vehicle?.capacity ?? {}).map(([name, amount]) => ({ name, amount })),
    overtime: minutes(limits.overtime_seconds), rest: minutes(limits.rest_seconds), most: minutes(limits.max_seconds),
  };
}

/** What goes on the wire; no width and nothing carried is no vehicle. */
export function bodyOf(form: HeldForm, version: number): Omit<Limits, "responder" | "worked_today" | "worked_week"> {
  const goods = form.goods.filter((one) => one.name.trim() && one.amount > 0);
  const width = form.width.trim() === "" ? null : Number(form.width.replace(",", "."));
  return {
    version,
    skills: form.skills.map(({ skill, level, valid_until }) => ({ skill, level, valid_until })),
    vehicle: width === null && !goods.length ? null : { width_m: width, capacity: Object.fromEntries(goods.map((one) => [one.name.trim(), Math.round(one.amount)])) },
    overtime_seconds: seconds(form.overtime), rest_seconds: seconds(form.rest), max_seconds: seconds(form.most),
  };
}

/** Certificates that have run out, or will within a month. */
export function expiry(valid_until: string | null, now: number): "good" | "soon" | "over" {
  if (valid_until === null) return "good";
  const left = Date.parse(valid_until) - now;
  return left <= 0 ? "over" : left < 30 * 86_400_000 ? "soon" : "good";
}
