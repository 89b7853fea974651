/** The three languages, and the texts of every area: `t("desk.queue.waiting")` reads `texts/desk/<language>.json`. */
import { createI18n } from "vue-i18n";
import { computed } from "vue";
import { speak } from "../api/client";
import type { Language, Names } from "../api/types";

export const LANGUAGES: readonly { tag: Language; name: string }[] = [
  { tag: "en", name: "English" },
  { tag: "zh-Hans", name: "简体中文" },
  { tag: "zh-Hant", name: "繁體中文" },
];

type Texts = { [key: string]: string | Texts };
const files = import.meta.glob<Texts>("../texts/*/*.json", { eager: true, import: "default" });

/** All texts by language and area. */
export function catalogue(): Record<Language, Texts> {
  const all: Record<Language, Texts> = { en: {}, "zh-Hans": {}, "zh-Hant": {} };
  for (const [path, texts] of Object.entries(files)) {
    const [area, file] = path.split("/").slice(-2) as [string, string];
    all[file.replace(".json", "") as Language][area] = texts;
  }
  return all;
}

/** The language a browser asks for, as one of ours: zh-TW, zh-HK and zh-MO read traditional characters. */
export function languageOf(tag: string | null | undefined): Language {
  const lower = (tag ?? "").toLowerCase();
  if (!lower.startsWith("zh")) return "en";
  return /hant|tw|hk|mo/.test(lower) ? "zh-Hant" : "zh-Hans";
}

const stored = () => globalThis.localStorage?.getItem("gridward.language");
const first = languageOf(stored() ?? globalThis.navigator?.language);

export const i18n = createI18n({
  legacy: false,
  locale: first as string,
  fallbackLocale: "en",
  messages: catalogue() as Record<string, Texts>,
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
});

export const language = computed<Language>(() => i18n.global.locale.value as Language);

/** Speak this language from now on, on the page and with the server. */
export function setLanguage(tag: Language): void {
  i18n.global.locale.value = tag;
  document.documentElement.lang = tag;
  globalThis.localStorage?.setItem("gridward.language", tag);
  speak(tag);
}

/** The name of a thing in a language; the local name where it has none. */
export function nameIn(names: Names | undefined, tag: Language, otherwise = ""): string {
  if (!names) return otherwise;
  const other = tag === "zh-Hans" ? "zh-Hant" : tag === "zh-Hant" ? "zh-Hans" : "en";
  return names[tag] ?? (tag === "en" ? undefined : names["zh"]) ?? names[other] ?? names[""] ?? names["en"] ?? otherwise;
}
