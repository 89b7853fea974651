/** The case that is open: its detail, read anew whenever something happened to it. */
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import * as api from "../api/desk";
import type { IncidentDetail } from "../api/types";
import type { LiveDesk } from "./live";

export interface CaseDetail {
  readonly detail: ShallowRef<IncidentDetail | null>;
  readonly problem: Ref<unknown>;
  load(): Promise<void>;
}

const PAUSE_MS = 250;

export function useCaseDetail(id: () => number, live: LiveDesk): CaseDetail {
  const detail = shallowRef<IncidentDetail | null>(null);
  const problem = ref<unknown>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function load(): Promise<void> {
    const wanted = id();
    try {
      const found = await api.incident(wanted);
      if (wanted !== id()) return;
      detail.value = found;
      problem.value = null;
    } catch (error) {
      if (wanted === id()) problem.value = error;
    }
  }

  watch(id, () => { detail.value = null; problem.value = null; void load(); }, { immediate: true });
  const stop = live.onChange((change) => {
    if (change.incident_id !== id() && change.incident?.id !== id() && !change.assignments?.some((a) => a.incident === id())) return;
    clearTimeout(timer);
    timer = setTimeout(() => void load(), PAUSE_MS);
  });
  onScopeDispose(() => { stop(); clearTimeout(timer); });
  return { detail, problem, load };
}
