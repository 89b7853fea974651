/** How a district plans: the open proposal, the last plans, who is short of people. Read anew whenever a plan was made or decided. */
import { onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from "vue";
import * as api from "../api/engine";
import { ApiError } from "../api/errors";
import type { Change, DistrictBrief } from "../api/types";
import type { LiveDesk } from "../desk/live";

export interface Planning {
  readonly now: ShallowRef<api.Planning | null>;
  readonly moves: ShallowRef<api.MoveUps | null>;
  readonly problem: ShallowRef<unknown>;
  put(planning: api.Planning): void;
  load(): Promise<void>;
}

const PAUSE_MS = 300;

/** Which events change what stands here: plans and settings; of people only their duty, which moves the standby. */
export const concerns = (kind: string): boolean => /^(plan|weights)\./.test(kind) || kind === "responder.duty";

export function usePlanning(district: ComputedRef<DistrictBrief | null>, live: LiveDesk): Planning {
  const now = shallowRef<api.Planning | null>(null), moves = shallowRef<api.MoveUps | null>(null), problem = shallowRef<unknown>(null);
  let timer: ReturnType<typeof setTimeout> | undefined, turn = 0;

  async function load(): Promise<void> {
    const id = district.value?.id, mine = ++turn;
    if (!id) return;
    try {
      const [found, ups] = await Promise.all([api.planning(id), api.moveUps(id).catch(() => null)]);
      if (mine !== turn) return;
      now.value = found;
      moves.value = ups;
      problem.value = null;
    } catch (error) {
      if (mine === turn) problem.value = error instanceof ApiError && error.status === 403 ? null : error;
    }
  }

  watch(() => district.value?.id, () => { now.value = moves.value = null; });
  watch(() => live.opened.value, () => void load());
  const stop = live.onChange((change: Change) => {
    if (!concerns(change.kind)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void load(), PAUSE_MS);
  });
  onScopeDispose(() => { stop(); clearTimeout(timer); turn++; });
  return { now, moves, problem, load, put: (planning) => { turn++; now.value = planning; } };
}
