/** The question on the table, and its answer. It stands in the address, so that it can be sent to a colleague. */
import { onBeforeUnmount, ref, shallowRef, type Ref } from "vue";
import * as api from "../api/plan";
import type { Mode } from "../api/types";

export const ON_DUTY = "on_duty";
export const MODES: readonly Mode[] = ["walk", "cycle", "drive"];
export const MINUTES = [5, 10, 15, 30] as const;
const LONGEST = 120, SKELETON_MS = 300;

/** What the address asks; what it does not say, or says wrongly, is as usual. */
export function questionOf(query: Record<string, unknown>, kind: string): api.Question {
  const minutes = Number(query["minutes"]);
  return {
    kind: typeof query["kind"] === "string" && query["kind"] ? query["kind"] : kind,
    mode: MODES.find((mode) => mode === query["mode"]) ?? "walk",
    minutes: Number.isFinite(minutes) && minutes > 0 ? Math.min(LONGEST, minutes) : 10,
  };
}

export interface Answer { said: api.Coverage; cells: api.CellShapes; buildings: api.BuildingPoints }

export interface Asking {
  readonly answer: Ref<Answer | null>;
  readonly problem: Ref<unknown>;
  readonly busy: Ref<boolean>;
  /** it takes long enough to say so */
  readonly slow: Ref<boolean>;
  ask(district: number, question: api.Question): Promise<void>;
}

/** One question at a time: a newer one stops the older. After a failure the last answer stays. */
export function useAsking(): Asking {
  const answer = shallowRef<Answer | null>(null), problem = shallowRef<unknown>(null), busy = ref(false), slow = ref(false);
  let running: AbortController | null = null;

  async function ask(district: number, question: api.Question): Promise<void> {
    running?.abort();
    const mine = (running = new AbortController());
    busy.value = true;
    problem.value = null;
    const wait = setTimeout(() => { if (running === mine) slow.value = true; }, SKELETON_MS);
    try {
      // The first makes the answer, the others draw what is kept of it.
      const said = await api.coverage(district, question, mine.signal);
      const [cells, buildings] = await Promise.all([api.cellShapes(district, question, mine.signal), api.buildingPoints(district, question, mine.signal)]);
      answer.value = { said, cells, buildings };
    } catch (error) {
      if (running === mine) problem.value = error;
    } finally {
      clearTimeout(wait);
      if (running === mine) { busy.value = slow.value = false; }
    }
  }
  onBeforeUnmount(() => running?.abort());
  return { answer, problem, busy, slow, ask };
}
