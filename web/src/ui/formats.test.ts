import { expect, test } from "vitest";
import { clock, countdown, deadline, distance, initials, moment, relative, shortCell, span, useTimeZone } from "./formats";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const later = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();

test.each([[40, "40 s", "40秒", "40 秒"], [720, "12 min", "12分钟", "12 分鐘"], [4800, "1 h 20 min", "1小时20分", "1 小時 20 分"], [7200, "2 h", "2小时", "2 小時"], [183_600, "2 d 3 h", "2天3小时", "2 天 3 小時"]])(
  "%d seconds are said in three languages", (seconds, en, hans, hant) => {
    expect([span(seconds, "en"), span(seconds, "zh-Hans"), span(seconds, "zh-Hant")]).toEqual([en, hans, hant]);
  });

test("a moment is told as people say it", () => {
  expect(relative(later(720), NOW, "en")).toBe("in 12 min");
  expect(relative(later(-180), NOW, "en")).toBe("3 min ago");
  expect(relative(later(-180), NOW, "zh-Hant")).toBe("3 分鐘前");
  expect(relative(later(-2), NOW, "zh-Hans")).toBe("刚刚");
  expect(relative(null, NOW, "en")).toBe("");
});

test("clock times are those of the place", () => {
  useTimeZone("Europe/Helsinki");
  expect(clock("2026-11-22T22:05:00Z", "en")).toBe("00:05");
  useTimeZone("Asia/Taipei");
  expect(clock("2026-11-22T22:05:00Z", "zh-Hant")).toBe("06:05");
  useTimeZone(undefined);
});

test("a time on another day is told with its day", () => {
  useTimeZone("Europe/Helsinki");
  expect(moment(later(3600), NOW, "en")).toBe("15:00");
  expect(moment(later(2 * 86_400), NOW, "en")).toBe("Tue 14:00");
  expect(moment(later(2 * 86_400), NOW, "zh-Hans")).toBe("周二 14:00");
  expect(moment(null, NOW)).toBe("");
  useTimeZone(undefined);
});

test("a deadline empties, warns, and says how late it is", () => {
  const half = deadline(later(-1800), later(1800), NOW, "en");
  expect(half).toMatchObject({ share: 0.5, late: false, soon: false, text: "30:00" });
  expect(deadline(later(-3600), later(240), NOW, "en").soon).toBe(true);
  expect(deadline(later(-3600), later(-180), NOW, "en")).toMatchObject({ share: 0, late: true, soon: false, text: "3 min late" });
  expect(deadline(later(-3600), later(-180), NOW, "zh-Hans").text).toBe("超时3分钟");
});

test("the countdown shows minutes and seconds below an hour", () => {
  expect([countdown(59.6, "en"), countdown(725, "en"), countdown(3700, "en"), countdown(80_000, "en"), countdown(190_000, "en")]).toEqual(["00:59", "12:05", "1 h 2 min", "22 h", "2 d"]);
});

test("lengths are rounded to what one can walk by", () => {
  expect([distance(123, "en"), distance(994, "en"), distance(1234, "en"), distance(12_345, "zh-Hans")]).toEqual(["120 m", "990 m", "1.2 km", "12公里"]);
});

test("initials suit the script of a name", () => {
  expect([initials("Ruta Birch"), initials("陈小明"), initials("Cher"), initials("")]).toEqual(["RB", "小明", "C", "?"]);
});

test("a cell is called by what people say of its code", () => {
  expect([shortCell("HEL05009"), shortCell("110101001001021"), shortCell(null)]).toEqual(["05009", "1021", ""]);
});
