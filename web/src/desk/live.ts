/** The living desk: one snapshot, then every change as it comes. */
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from "vue";
import * as api from "../api/desk";
import { ApiError } from "../api/errors";
import type { Change, DistrictBrief, Position } from "../api/types";
import { follow, type Stream } from "../stream";
import { useTimeZone } from "../ui/formats";
import { setClock } from "../ui/now";
import { apply, degraded, moved, opened, type Desk } from "./state";

export interface LiveDesk {
  readonly desk: ShallowRef<Desk | null>;
  readonly problem: ShallowRef<unknown>;
  readonly link: Ref<"connecting" | "live" | "broken">;
  /** when something was last heard, in milliseconds of this computer's clock */
  readonly heard: Ref<number>;
  /** counts the snapshots that were read: what stands beside the desk is read anew after each */
  readonly opened: Ref<number>;
  open(district: DistrictBrief): Promise<void>;
  /** Be told of every change, for panels that show more than the desk knows. Returns the way to stop. */
  onChange(deed: (change: Change) => void): () => void;
}

const RETRY_MS = 4_000;

/** A server that says no will say no again; only one that is away is asked again by itself. */
export const refused = (error: unknown): boolean => error instanceof ApiError && (error.status === 403 || error.status === 404);

export function useLiveDesk(): LiveDesk {
  const desk = shallowRef<Desk | null>(null);
  const problem = shallowRef<unknown>(null);
  const link = ref<"connecting" | "live" | "broken">("connecting");
  const heard = ref(Date.now());
  const times = ref(0);
  const listeners = new Set<(change: Change) => void>();
  let stream: Stream | null = null;
  let watch: ReturnType<typeof setInterval> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let positions: Position[] = [];
  let frame = 0;
  let turn = 0;

  /** Many positions in one frame are one change of the desk. */
  function gather(position: Position): void {
    positions.push(position);
    frame ||= globalThis.setTimeout(() => {
      frame = 0;
      if (desk.value) desk.value = moved(desk.value, positions);
      positions = [];
    }, 100) as unknown as number;
  }

  function stop(): void {
    stream?.close();
    stream = null;
    clearInterval(watch);
    clearTimeout(retry);
  }

  async function open(district: DistrictBrief): Promise<void> {
    stop();
    const mine = ++turn;
    useTimeZone(district.time_zone);
    try {
      const snapshot = await api.desk(district.id);
      if (mine !== turn) return;
      setClock(snapshot.now);
      desk.value = opened(snapshot);
      problem.value = null;
      heard.value = Date.now();
      listen(district, snapshot.cursor);
      times.value++;
    } catch (error) {
      if (mine !== turn) return;
      problem.value = error;
      link.value = "broken";
      if (refused(error)) return;
      retry = setTimeout(() => void open(district), RETRY_MS);
    }
  }

  function listen(district: DistrictBrief, cursor: string): void {
    const now = follow(district.id, cursor, {
      change(change) {
        if (desk.value) desk.value = apply(desk.value, change);
        for (const deed of listeners) deed(change);
      },
      position: gather,
      degraded(list) { if (desk.value) desk.value = degraded(desk.value, list); },
      reset() { void open(district); },
    });
    stream = now;
    const copy = () => { link.value = now.link.value; heard.value = now.heard.value; };
    copy();
    watch = setInterval(copy, 500);
  }

  onScopeDispose(() => { turn++; stop(); });
  const onChange = (deed: (change: Change) => void) => { listeners.add(deed); return () => listeners.delete(deed); };
  return { desk, problem, link, heard, opened: times, open, onChange };
}
