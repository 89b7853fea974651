/** Day or night: as the system says, until somebody chooses. */
import { computed, ref } from "vue";

export type Theme = "light" | "dark";
type Choice = Theme | "system";

const dark = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
const system = ref<Theme>(dark?.matches ? "dark" : "light");
dark?.addEventListener?.("change", (event) => {
  system.value = event.matches ? "dark" : "light";
  show();
});

export const choice = ref<Choice>((globalThis.localStorage?.getItem("gridward.theme") as Choice | null) ?? "system");
export const theme = computed<Theme>(() => (choice.value === "system" ? system.value : choice.value));

/** Put the theme on the page; Element Plus listens to the class. */
export function show(): void {
  document.documentElement.classList.toggle("dark", theme.value === "dark");
  document.documentElement.dataset["theme"] = theme.value;
}

export function chooseTheme(next: Choice): void {
  choice.value = next;
  globalThis.localStorage?.setItem("gridward.theme", next);
  show();
}
