/** Moments as the clock on the wall of a place shows them, for fields in which people write them. */

const parts = (at: number, zone: string | undefined): Record<string, number> => {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  return Object.fromEntries(format.formatToParts(new Date(at)).flatMap(({ type, value }) => (type === "literal" ? [] : [[type, Number(value)]])));
};

const two = (n: number | undefined) => String(n ?? 0).padStart(2, "0");

/** `2026-11-22T14:32` on the wall at a moment. */
export function wall(at: string | number, zone: string | undefined): string {
  const p = parts(new Date(at).getTime(), zone);
  return `${String(p["year"]).padStart(4, "0")}-${two(p["month"])}-${two(p["day"])}T${two(p["hour"])}:${two(p["minute"])}`;
}

/** The moment at which the wall shows `2026-11-22T14:32`, in UTC; the first where it shows it twice, null where it is no time. */
export function unwall(text: string, zone: string | undefined): string | null {
  const wanted = Date.parse(`${text}Z`);
  if (Number.isNaN(wanted)) return null;
  let at = wanted;
  for (let i = 0; i < 3; i++) at += wanted - Date.parse(`${wall(at, zone)}Z`); // zones move by whole minutes; twice is enough unless a clock jumps
  const earlier = at - 3_600_000;
  return new Date(wall(earlier, zone) === text ? earlier : at).toISOString().replace(".000Z", "Z");
}
