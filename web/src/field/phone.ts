/** The phone's own state: my tasks, live where there is signal, remembered where there is none. */
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from "vue";
import { get, newKey, post } from "../api/client";
import { Unreachable } from "../api/errors";
import type { Assignment, Duty, Incident } from "../api/types";
import { recall, remember } from "../offline/keep";
import { useOutbox, type Outbox } from "../offline/outbox";
import { loadSession, session } from "../session";
import { follow, type Stream } from "../stream";
import { useTimeZone } from "../ui/formats";
import { setClock } from "../ui/now";
import { after, foreseen, type MyTasks, type Task } from "./tasks";

export interface Phone {
  readonly mine: ShallowRef<MyTasks | null>;
  readonly tasks: ComputedRef<Task[]>;
  readonly outbox: Outbox;
  readonly problem: ShallowRef<unknown>;
  readonly online: Ref<boolean>;
  /** when the tasks were last heard of, milliseconds of this phone */
  readonly heard: Ref<number>;
  load(): Promise<void>;
  step(task: Task, deed: string, more?: Record<string, unknown>): Promise<void>;
  photo(task: Task, picture: Blob): Promise<void>;
  duty(duty: Duty): Promise<void>;
}

interface Kept { at: number; mine: MyTasks }

const RETRY_MS = 8_000;

export function usePhone(user: number): Phone {
  const mine = shallowRef<MyTasks | null>(null), problem = shallowRef<unknown>(null), online = ref(true), heard = ref(0);
  const outbox = useOutbox(user, answered);
  const tasks = computed(() => (mine.value ? foreseen(mine.value.tasks, outbox.waiting.value) : []));
  const name = `tasks-${user}`;
  let stream: Stream | null = null, watch: ReturnType<typeof setInterval> | undefined, retry: ReturnType<typeof setTimeout> | undefined, asked: ReturnType<typeof setTimeout> | undefined, closed = false;

  async function load(): Promise<void> {
    clearTimeout(retry);
    if (!mine.value) await fromMemory();
    try {
      if (!session.value) await loadSession();
      keep(await get<MyTasks>("/my/tasks"));
      problem.value = null;
      online.value = true;
      if (!stream && mine.value) listen(mine.value);
    } catch (error) {
      problem.value = error;
      if (error instanceof Unreachable) online.value = false;
      if (!closed) retry = setTimeout(() => void load(), RETRY_MS);
    }
  }

  async function fromMemory(): Promise<void> {
    const kept = await recall<Kept>(name);
    if (!kept || mine.value) return;
    mine.value = kept.mine;
    heard.value = kept.at;
    useTimeZone(kept.mine.district.time_zone);
  }

  function keep(found: MyTasks): void {
    setClock(found.now);
    useTimeZone(found.district.time_zone);
    put(found);
  }

  function put(found: MyTasks): void {
    mine.value = found;
    heard.value = Date.now();
    void remember(name, { at: heard.value, mine: found } satisfies Kept);
  }

  function listen(found: MyTasks): void {
    const now = follow(found.district.id, found.cursor, {
      change(change) {
        if (!mine.value) return;
        const next = after(mine.value, change);
        put(next.mine);
        if (next.again) soon();
      },
      position: () => undefined,
      degraded: () => undefined,
      reset() { stream = null; void load(); },
    });
    stream = now;
    clearInterval(watch);
    watch = setInterval(() => {
      if (now.link.value === "live" && !online.value) void outbox.flush();
      online.value = now.link.value === "live";
      if (online.value) heard.value = Math.max(heard.value, now.heard.value);
    }, 500);
  }

  /** Several changes in a row ask the server once. */
  function soon(): void {
    clearTimeout(asked);
    asked = setTimeout(() => void load(), 400);
  }

  function answered(_: unknown, answer: unknown): void {
    const { assignment, incident } = (answer ?? {}) as { assignment?: Assignment; incident?: Incident };
    if (!mine.value || !assignment || !incident) return;
    put({ ...mine.value, tasks: mine.value.tasks.map((task) => (task.assignment.id === assignment.id ? { ...task, assignment, incident } : task)) });
    soon();
  }

  const step = (task: Task, deed: string, more: Record<string, unknown> = {}) =>
    outbox.add({ path: `/assignments/${task.assignment.id}/${deed}`, body: { version: task.assignment.version, at: new Date().toISOString(), ...more }, photo: null, assignment: task.assignment.id, deed });

  const photo = (task: Task, picture: Blob) =>
    outbox.add({ path: `/assignments/${task.assignment.id}/files`, body: null, photo: picture, assignment: task.assignment.id, deed: "photo" });

  async function duty(said: Duty): Promise<void> {
    const responder = await post<MyTasks["responder"]>("/my/duty", { duty: said }, newKey());
    if (mine.value) put({ ...mine.value, responder: { ...mine.value.responder, ...responder } });
  }

  onScopeDispose(() => {
    closed = true;
    stream?.close();
    outbox.close();
    clearInterval(watch);
    clearTimeout(retry);
    clearTimeout(asked);
  });
  return { mine, tasks, outbox, problem, online, heard, load, step, photo, duty };
}
