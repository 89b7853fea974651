/** Which roads are closed: read once, then kept by what the stream brings. */
import { onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from "vue";
import * as api from "../api/roads";
import type { Closure, ClosureState } from "../api/roads";
import type { Change, DistrictBrief } from "../api/types";
import type { LiveDesk } from "../desk/live";

export type Book = ReadonlyMap<number, Closure>;
/** How a closure stands for whoever looks: the clock may have passed its end since the server said so. */
export type Standing = ClosureState | "pending" | "trouble";

export interface Closures {
  readonly all: ShallowRef<Book>;
  readonly problem: ShallowRef<unknown>;
  put(closure: Closure): void;
  load(): Promise<void>;
}

export function stateOf({ state, starts, ends, lifted_at }: api.ClosureFacts, now: number): ClosureState {
  if (state === "lifted" || lifted_at) return "lifted";
  if (ends !== null && Date.parse(ends) <= now) return "over";
  return Date.parse(starts) > now ? "coming" : "live";
}

/** A live closure that the road engine does not go by yet is pending; with a reason, in trouble. */
export function standing(facts: api.ClosureFacts, now: number): Standing {
  const state = stateOf(facts, now);
  if (state !== "live" || facts.in_force) return state;
  return facts.trouble ? "trouble" : "pending";
}

/** The higher version stays, and of one version whatever came last. */
export function put(book: Book, closures: readonly Closure[]): Book {
  const newer = closures.filter((one) => (book.get(one.id)?.properties.version ?? -1) <= one.properties.version);
  return newer.length ? new Map([...book, ...newer.map((one) => [one.id, told(book.get(one.id), one)] as const)]) : book;
}

/** An event tells only the code of a trouble: the sentence that is known for that code is kept. */
function told(before: Closure | undefined, after: Closure): Closure {
  const trouble = after.properties.trouble, known = before?.properties.trouble;
  if (!trouble || trouble.message || known?.code !== trouble.code || !known.message) return after;
  return { ...after, properties: { ...after.properties, trouble: known } };
}

export function apply(book: Book, change: Change): Book {
  if (!/^roads?\./.test(change.kind)) return book;
  return put(book, [...(change.closure ? [change.closure] : []), ...(change.closures ?? [])]);
}

const ORDER: Standing[] = ["trouble", "pending", "live", "coming", "over", "lifted"];
const shownNow = new Set<Standing>(["trouble", "pending", "live", "coming"]);

/** What holds now or will, what needs somebody first; with `old` also what is over. */
export function listed(book: Book, now: number, old = false): Closure[] {
  const rank = (one: Closure) => ORDER.indexOf(standing(one.properties, now));
  return [...book.values()].filter((one) => old || shownNow.has(standing(one.properties, now)))
    .sort((a, b) => rank(a) - rank(b) || a.properties.starts.localeCompare(b.properties.starts) || a.id - b.id);
}

export function useClosures(district: ComputedRef<DistrictBrief | null>, live: LiveDesk): Closures {
  const all = shallowRef<Book>(new Map()), problem = shallowRef<unknown>(null);

  async function load(): Promise<void> {
    const id = district.value?.id;
    if (!id) return;
    try {
      const found = await api.closures(id);
      if (id === district.value?.id) { all.value = new Map(found.features.map((one) => [one.id, one])); problem.value = null; }
    } catch (error) {
      if (id === district.value?.id) problem.value = error;
    }
  }

  watch(() => district.value?.id, () => { all.value = new Map(); });
  watch(() => live.opened.value, () => void load()); // after each snapshot of the desk: what the stream brings from then on is newer
  const stop = live.onChange((change) => {
    const before = all.value;
    all.value = apply(before, change);
    if (all.value !== before && listed(all.value, Date.now()).some(({ properties: { trouble } }) => trouble && !trouble.message)) void load();
  });
  onScopeDispose(stop);
  return { all, problem, load, put: (closure) => { all.value = put(all.value, [closure]); } };
}
