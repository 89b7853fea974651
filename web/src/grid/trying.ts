/** An edit tried dry while somebody draws: asked when the hand rests, and only the last answer counts. */
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import type { Edit, Edited } from "../api/divisions";

const REST_MS = 120;

export interface Trying {
  /** what the edit that stands now would do; null while it is not known */
  readonly answer: ShallowRef<Edited | null>;
  readonly problem: Ref<unknown>;
  readonly busy: Ref<boolean>;
}

/** `ask` is called with the newest edit; what an older question brings is thrown away. */
export function useTrying(edit: Ref<Edit | null>, ask: (edit: Edit, signal: AbortSignal) => Promise<Edited>, rest = REST_MS): Trying {
  const answer = shallowRef<Edited | null>(null), problem = ref<unknown>(null), busy = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined, asked: AbortController | null = null;

  function forget(): void {
    clearTimeout(timer);
    asked?.abort();
    asked = null;
    busy.value = false;
  }
  async function now(wanted: Edit): Promise<void> {
    const mine = (asked = new AbortController());
    try {
      const found = await ask(wanted, mine.signal);
      if (asked !== mine) return;
      answer.value = found;
      problem.value = null;
    } catch (error) {
      if (asked !== mine || mine.signal.aborted) return;
      answer.value = null;
      problem.value = error;
    } finally {
      if (asked === mine) busy.value = false;
    }
  }
  watch(() => JSON.stringify(edit.value), () => {
    forget();
    const wanted = edit.value;
    if (!wanted) { answer.value = null; problem.value = null; return; }
    busy.value = true;
    timer = setTimeout(() => void now(wanted), rest);
  }, { immediate: true });
  onScopeDispose(forget);
  return { answer, problem, busy };
}
