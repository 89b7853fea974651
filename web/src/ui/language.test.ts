import { expect, test } from "vitest";
import { languageOf, nameIn } from "./language";

test.each([["zh-CN", "zh-Hans"], ["zh-TW", "zh-Hant"], ["zh-HK", "zh-Hant"], ["zh-Hant-TW", "zh-Hant"], ["zh", "zh-Hans"], ["fi-FI", "en"], [null, "en"]])("a browser that asks for %s reads %s", (tag, ours) => {
  expect(languageOf(tag)).toBe(ours);
});

test("a name that is missing in one script is read in the other, then as the place says it", () => {
  expect(nameIn({ "": "Katu", "zh-Hans": "街" }, "zh-Hant")).toBe("街");
  expect(nameIn({ "": "Katu", en: "Street" }, "zh-Hans")).toBe("Katu");
  expect(nameIn(undefined, "en", "C0101")).toBe("C0101");
});
