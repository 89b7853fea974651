/** One deed at a time, safe to repeat: the key stays with the same content until the server has answered. */
import { ref, type Ref } from "vue";
import { newKey } from "../api/client";
import { Unreachable } from "../api/errors";

export interface Attempt {
  readonly busy: Ref<boolean>;
  readonly problem: Ref<unknown>;
  /** Run `deed` unless one is running. Returns its answer, or null when it failed (see `problem`) or was not started. */
  run<T>(content: unknown, deed: (key: string) => Promise<T>): Promise<T | null>;
  clear(): void;
}

export function useAttempt(): Attempt {
  const busy = ref(false);
  const problem = ref<unknown>(null);
  let held: { content: string; key: string } | null = null;

  async function run<T>(content: unknown, deed: (key: string) => Promise<T>): Promise<T | null> {
    if (busy.value) return null;
    const text = JSON.stringify(content);
    held = held?.content === text ? held : { content: text, key: newKey() };
    busy.value = true;
    problem.value = null;
    try {
      const answer = await deed(held.key);
      held = null;
      return answer;
    } catch (error) {
      if (!(error instanceof Unreachable)) held = null;
      problem.value = error;
      return null;
    } finally {
      busy.value = false;
    }
  }

  return { busy, problem, run, clear: () => { problem.value = null; } };
}
