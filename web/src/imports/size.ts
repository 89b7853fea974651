/** Sizes of files as people say them: 640 kB, 1.2 MB. */
import { number } from "../ui/formats";

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

export function bytes(n: number): string {
  const at = Math.min(UNITS.length - 1, n < 1000 ? 0 : Math.floor(Math.log10(n) / 3));
  const value = n / 1000 ** at;
  return `${number(value < 10 && at ? Math.round(value * 10) / 10 : Math.round(value))} ${UNITS[at]}`;
}
