/** The division that is open: its cells and faults, and every deed on it guarded by the version that was read. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";
import * as api from "../api/divisions";
import type { Division, Edit, Edited, Fault, Mended, PastEdit } from "../api/divisions";
import { ApiError } from "../api/errors";
import { useAttempt } from "../ui/attempt";
import { bookOf, put, type Cells } from "./cells";

export interface OpenDivision {
  readonly cells: ShallowRef<Cells>;
  readonly faults: ShallowRef<readonly Fault[]>;
  readonly history: ShallowRef<readonly PastEdit[]>;
  readonly version: Ref<number>;
  readonly loading: Ref<boolean>;
  /** whether `faults` are those of what is shown, or still being looked for */
  readonly checked: Ref<boolean>;
  /** what went wrong in reading */
  readonly unread: Ref<unknown>;
  readonly busy: Ref<boolean>;
  /** what went wrong in the last deed */
  readonly problem: Ref<unknown>;
  readonly undoable: ComputedRef<boolean>;
  readonly redoable: ComputedRef<boolean>;
  load(): Promise<void>;
  tryOut(edit: Edit, signal: AbortSignal): Promise<Edited>;
  commit(edit: Edit): Promise<Edited | null>;
  step(back: boolean): Promise<boolean>;
  mend(faults: string[] | "all", how: string | null, dry: boolean): Promise<Mended | null>;
}

export function useDivision(division: Ref<Division | null>): OpenDivision {
  const cells = shallowRef<Cells>(new Map()), faults = shallowRef<readonly Fault[]>([]), history = shallowRef<readonly PastEdit[]>([]);
  const version = ref(0), loading = ref(false), checked = ref(false), unread = ref<unknown>(null);
  const attempt = useAttempt();
  let turn = 0;
  const id = () => division.value?.id ?? 0;
  const editable = () => division.value?.state === "draft";

  async function load(): Promise<void> {
    const mine = ++turn, wanted = id();
    if (!wanted || division.value?.progress !== null) { cells.value = new Map(); faults.value = []; history.value = []; return; }
    loading.value = true;
    try {
      const found = await api.cells(wanted);
      if (mine !== turn) return;
      cells.value = bookOf(found.features);
      unread.value = null;
      await beside(mine);
    } catch (error) {
      if (mine === turn) unread.value = error;
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  /** Faults and history come after the cells: the map must not wait for them. */
  async function beside(mine: number): Promise<void> {
    checked.value = false;
    const [wrong, past] = await Promise.all([api.faults(id()), editable() ? api.edits(id()) : Promise.resolve({ edits: [] })]);
    if (mine !== turn) return;
    faults.value = wrong.faults;
    checked.value = true;
    history.value = past.edits;
  }
  const later = () => { const mine = turn; void beside(mine).catch((error: unknown) => { if (mine === turn) unread.value = error; }); };

  watch([() => division.value?.id, () => division.value?.progress === null], () => { cells.value = new Map(); faults.value = []; history.value = []; checked.value = false; attempt.clear(); void load(); }, { immediate: true });
  watch([() => division.value?.id, () => division.value?.version], () => { version.value = division.value?.version ?? 0; }, { immediate: true });

  /** Somebody else was quicker: what stands now is read again, and the refusal is said. */
  async function done<T extends { version?: number }>(after: T | null): Promise<T | null> {
    if (after?.version !== undefined) version.value = after.version;
    if (!after && attempt.problem.value instanceof ApiError && attempt.problem.value.status === 409) await renew();
    return after;
  }
  async function renew(): Promise<void> {
    const found = division.value && (await api.divisions(division.value.district).catch(() => null))?.divisions.find((one) => one.id === id());
    if (found) version.value = found.version;
    await load();
  }
  async function took(after: Partial<Edited> | null): Promise<void> {
    if (after?.cells) { cells.value = put(cells.value, { cells: after.cells, gone: after.gone ?? [] }); later(); }
    else if (after) await load();
  }

  async function commit(edit: Edit): Promise<Edited | null> {
    const body = { version: version.value, edit, dry: false };
    const after = await done(await attempt.run(body, (key) => api.edit(id(), body, key)));
    if (after && !after.refused) await took(after);
    return after;
  }
  async function step(back: boolean): Promise<boolean> {
    const deed = back ? api.undo : api.redo;
    const after = await done(await attempt.run([back, version.value], (key) => deed(id(), version.value, key)));
    await took(after);
    return after !== null;
  }
  async function mend(which: string[] | "all", how: string | null, dry: boolean): Promise<Mended | null> {
    const body = { version: version.value, faults: which, how, dry };
    const after = await attempt.run(body, (key) => api.mend(id(), body, key));
    if (dry) return after;
    if (await done(after)) await load();
    return after;
  }

  const undoable = computed(() => editable() && history.value.some((one) => !one.undone)), redoable = computed(() => editable() && history.value.some((one) => one.undone));
  const tryOut = (edit: Edit, signal: AbortSignal) => api.edit(id(), { version: version.value, edit, dry: true }, undefined, signal);
  return { cells, faults, history, version, loading, checked, unread, busy: attempt.busy, problem: attempt.problem, undoable, redoable, load, tryOut, commit, step, mend };
}
