/** What is written can be read: the ratios of WCAG 2.2, by day and by night, of every pair of tokens that pages put together. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { paletteOf } from "../src/map/palette";
import { inksOf } from "../src/map/brush";
import type { Theme } from "../src/ui/theme";

const sheet = readFileSync("src/ui/tokens.css", "utf8");
const block = (selector: string) => sheet.split(`${selector} {`)[1]?.split("}")[0] ?? "";
const tokens = (css: string) => Object.fromEntries([...css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value])) as Record<string, string>;
const THEMES: Record<Theme, Record<string, string>> = { light: tokens(block(":root")), dark: tokens(block(":root.dark")) };

const channel = (n: number) => (n / 255 <= 0.04045 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4);
const luminance = (hex: string) => [1, 3, 5].reduce((sum, at, i) => sum + channel(parseInt(hex.slice(at, at + 2), 16)) * ([0.2126, 0.7152, 0.0722][i] ?? 0), 0);

function ratio(a: string, b: string): number {
  const [dark = 0, bright = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (bright + 0.05) / (dark + 0.05);
}

const WORDS: [ink: string, paper: string][] = [
  ...["panel", "panel-2", "panel-3", "ground"].flatMap((paper) => ["text", "text-2"].map((ink): [string, string] => [ink, paper])),
  ["text-3", "panel"], ["text-3", "panel-2"], ["accent", "panel"], ["accent", "panel-2"], ["accent-text", "accent"], ["text", "accent-soft"], ["text-2", "accent-soft"], ["text-3", "accent-soft"],
  ["ok", "panel"], ["ok", "ok-soft"], ["warn", "panel"], ["warn", "panel-2"], ["warn", "warn-soft"], ["bad", "panel"], ["bad", "panel-2"], ["bad", "bad-soft"],
];
const MARKS: [ink: string, paper: string][] = [["focus", "panel"], ["focus", "ground"], ["life", "panel"], ["urgent", "panel"], ["normal", "panel"], ["low", "panel"], ["line-field", "panel"]];

test("the measure is that of WCAG", () => {
  expect(ratio("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(ratio("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});

test.each(["light", "dark"] as const)("words stand out from their paper at least 4.5 to 1 (%s)", (theme) => {
  const poor = WORDS.map(([ink, paper]) => ({ pair: `${ink} on ${paper}`, ratio: ratio(THEMES[theme][ink] ?? "", THEMES[theme][paper] ?? "") })).filter((it) => !(it.ratio >= 4.5));
  expect(poor).toEqual([]);
});

test.each(["light", "dark"] as const)("signs, frames of fields and the focus stand out at least 3 to 1 (%s)", (theme) => {
  const poor = MARKS.map(([ink, paper]) => ({ pair: `${ink} on ${paper}`, ratio: ratio(THEMES[theme][ink] ?? "", THEMES[theme][paper] ?? "") })).filter((it) => !(it.ratio >= 3));
  expect(poor).toEqual([]);
});

test.each(["light", "dark"] as const)("names on the map stand out from their halo at least 4.5 to 1, house numbers 3 to 1 (%s)", (theme) => {
  const p = paletteOf(theme);
  const names = ["label", "quiet", "water_label", "green_label", "cellCode", "facility"] as const;
  expect(names.filter((name) => ratio(p[name], p.halo) < 4.5)).toEqual([]);
  expect(ratio(p.number, p.building)).toBeGreaterThan(3);
});

test.each(["light", "dark"] as const)("every priority stands out from the paper of its sign (%s)", (theme) => {
  const inks = inksOf(theme);
  expect(Object.values(inks.priority).filter((ink) => ratio(ink, inks.paper) < 3)).toEqual([]);
});
