/** The outbox: what a person did goes into it first, and from it to the server, in order, each with its own key. */
import { ref, shallowRef, type Ref, type ShallowRef } from "vue";
import { newKey, post, upload } from "../api/client";
import { ApiError, Unreachable } from "../api/errors";
import { loadSession, session } from "../session";
import { all, drop, put, recall, remember, type Waiting } from "./keep";

/** The server said no, for good. The deed is kept to be read until somebody puts it away. */
export interface Refused { waiting: Waiting; error: ApiError }

export interface Outbox {
  readonly waiting: ShallowRef<readonly Waiting[]>;
  readonly refused: ShallowRef<readonly Refused[]>;
  readonly sending: Ref<boolean>;
  add(deed: Omit<Waiting, "id" | "key" | "at" | "user">): Promise<void>;
  /** Send what waits. Stops at the first that cannot be sent now, so that the order holds. */
  flush(): Promise<void>;
  dismiss(refused: Refused): void;
  close(): void;
}

export type Send = (waiting: Waiting) => Promise<unknown>;

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/** Not a refusal but a "not now": busy, away, or signed out. */
const passing = (error: unknown): boolean =>
  error instanceof Unreachable || (error instanceof ApiError && (error.status >= 500 || error.status === 429 || error.status === 401 || error.status === 408));

/** A page that was opened without signal does not know the session yet, and an older one may know one that was replaced. */
export const send: Send = async (one) => {
  if (!session.value) await loadSession();
  if (session.value?.user.id !== one.user) throw new ApiError(401, { code: "work.unauthenticated", message: "" });
  const deed = () => (one.photo ? upload(one.path, one.photo, "photo.jpg", one.key) : post(one.path, one.body ?? {}, one.key));
  return deed().catch(async (error: unknown) => {
    if (!(error instanceof ApiError && error.code === "request.csrf")) throw error;
    await loadSession();
    return deed();
  });
};

export function useOutbox(user: number, answered: (waiting: Waiting, answer: unknown) => void, by: Send = send): Outbox {
  const waiting = shallowRef<readonly Waiting[]>([]), refused = shallowRef<readonly Refused[]>([]), sending = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined, tries = 0, closed = false;

  const name = `refused-${user}`;
  interface Kept { waiting: Waiting; status: number; code: string; message: string; help: string | null }

  /** What was refused outlives the page: it is the only word of what did not happen. */
  const keepRefused = () => remember(name, refused.value.map(({ waiting: one, error }): Kept => ({ waiting: one, status: error.status, code: error.code, message: error.message, help: error.help })));
  async function recallRefused(): Promise<void> {
    const kept = (await recall<Kept[]>(name)) ?? [];
    const shown = new Set(refused.value.map((one) => one.waiting.key));
    refused.value = [...kept.filter((one) => !shown.has(one.waiting.key)).map((one) => ({ waiting: one.waiting, error: new ApiError(one.status, { code: one.code, message: one.message, help: one.help }) })), ...refused.value];
  }

  async function look(): Promise<void> {
    waiting.value = (await all()).filter((one) => one.user === user);
  }

  async function add(deed: Omit<Waiting, "id" | "key" | "at" | "user">): Promise<void> {
    await put({ ...deed, key: newKey(), at: new Date().toISOString(), user });
    await look();
    void flush();
  }

  async function flush(): Promise<void> {
    if (sending.value || closed) return;
    sending.value = true;
    clearTimeout(timer);
    try {
      await look();
      let next = waiting.value[0];
      while (next && !closed && (await pass(next))) {
        await look();
        next = waiting.value[0];
      }
    } finally {
      sending.value = false;
    }
  }

  /** Send one; false when it has to wait. */
  async function pass(one: Waiting): Promise<boolean> {
    try {
      const answer = await by(one);
      await drop(one.id ?? 0);
      tries = 0;
      answered(one, answer);
      return true;
    } catch (error) {
      if (passing(error)) { later(error); return false; }
      if (!(error instanceof ApiError)) throw error;
      refused.value = [...refused.value, { waiting: one, error }];
      await keepRefused();
      await drop(one.id ?? 0);
      return true;
    }
  }

  function later(error: unknown): void {
    const asked = error instanceof ApiError && error.retryAfter ? error.retryAfter * 1000 : 0;
    timer = setTimeout(() => void flush(), Math.max(asked, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries++)));
  }

  const online = () => { tries = 0; void flush(); };
  globalThis.addEventListener("online", online);
  void recallRefused().then(flush, flush);

  return {
    waiting, refused, sending, add, flush,
    dismiss: (one) => { refused.value = refused.value.filter((other) => other !== one); void keepRefused(); },
    close: () => { closed = true; clearTimeout(timer); globalThis.removeEventListener("online", online); },
  };
}
