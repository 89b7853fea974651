import { expect, test } from "vitest";
import { catalogue } from "../src/ui/language";

type Texts = { [key: string]: string | Texts };

function leaves(texts: Texts, path = ""): Map<string, string> {
  return new Map(Object.entries(texts).flatMap(([key, value]) => (typeof value === "string" ? [[path + key, value] as const] : [...leaves(value, `${path}${key}.`)])));
}

const all = catalogue();
const keys = { en: leaves(all.en), "zh-Hans": leaves(all["zh-Hans"]), "zh-Hant": leaves(all["zh-Hant"]) };
const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

test.each(["zh-Hans", "zh-Hant"] as const)("every English text exists in %s and no other does", (tag) => {
  expect([...keys[tag].keys()].sort()).toEqual([...keys.en.keys()].sort());
});

test.each(["zh-Hans", "zh-Hant"] as const)("a text in %s has the same blanks to fill as in English", (tag) => {
  const wrong = [...keys.en].filter(([key, text]) => JSON.stringify(blanks(text)) !== JSON.stringify(blanks(keys[tag].get(key) ?? ""))).map(([key]) => key);
  expect(wrong).toEqual([]);
});

test("no text is empty", () => {
  const empty = Object.values(keys).flatMap((texts) => [...texts].filter(([, text]) => !text.trim()).map(([key]) => key));
  expect(empty).toEqual([]);
});
