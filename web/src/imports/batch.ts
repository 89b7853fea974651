/** One import as the server knows it: asked again while something goes on. */
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import * as api from "../api/imports";
import type { Batch } from "../api/imports";
import { BUSY } from "./plan";

const PAUSE_MS = 700;
const AWAY_MS = 3_000;

export interface LiveBatch {
  readonly batch: ShallowRef<Batch | null>;
  readonly problem: Ref<unknown>;
  /** an answer of a deed is newer than what is known */
  put(batch: Batch): void;
  load(): Promise<void>;
}

export function useBatch(id: Ref<number | null>): LiveBatch {
  const batch = shallowRef<Batch | null>(null), problem = ref<unknown>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function put(found: Batch): void {
    clearTimeout(timer);
    if (found.id !== id.value) return;
    batch.value = found;
    problem.value = null;
    if (BUSY.has(found.state)) timer = setTimeout(() => void load(), PAUSE_MS);
  }

  async function load(): Promise<void> {
    const wanted = id.value;
    clearTimeout(timer);
    if (wanted === null) return;
    try {
      const found = await api.batch(wanted);
      if (wanted === id.value) put(found);
    } catch (error) {
      if (wanted !== id.value) return;
      problem.value = error;
      if (batch.value && BUSY.has(batch.value.state)) timer = setTimeout(() => void load(), AWAY_MS);
    }
  }

  watch(id, () => { if (batch.value?.id !== id.value) batch.value = null; problem.value = null; void load(); }, { immediate: true });
  onScopeDispose(() => clearTimeout(timer));
  return { batch, problem, put, load };
}
