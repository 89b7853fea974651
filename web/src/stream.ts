/** What happens, as it happens: server-sent events with resume, the state of the connection and the age of the data. */
import { ref, type Ref } from "vue";
import { get, spoken, urlOf } from "./api/client";
import type { Change, Degraded, Position } from "./api/types";
import { setClock } from "./ui/now";

export type Link = "connecting" | "live" | "broken";

export interface Listener {
  change(change: Change): void;
  position(position: Position): void;
  degraded(list: Degraded[]): void;
  /** The server no longer holds what was missed: read everything again, then follow anew. */
  reset(): void;
}

export interface Stream {
  readonly link: Ref<Link>;
  /** when something was last heard, milliseconds of this computer's clock */
  readonly heard: Ref<number>;
  close(): void;
}

const SILENCE_MS = 25_000;
const LONGEST_WAIT_MS = 10_000;

/** Follow a district from `cursor` on. Reconnects by itself, with growing pauses, from the last event that was seen. */
export function follow(district: number, cursor: string, listener: Listener): Stream {
  const link = ref<Link>("connecting");
  const heard = ref(Date.now());
  let seen = cursor;
  let source: EventSource | null = null;
  let tries = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const on = <T>(name: string, deed: (data: T, id: string) => void) =>
    source?.addEventListener(name, (event) => {
      heard.value = Date.now();
      const message = event as MessageEvent<string>;
      deed(parsed(message.data) as T, message.lastEventId);
    });

  function open(): void {
    source = new EventSource(urlOf("/stream", { district, cursor: seen, language: spoken() }));
    source.addEventListener("open", () => { link.value = "live"; heard.value = Date.now(); tries = 0; });
    source.addEventListener("error", again);
    on<{ now: string }>("hello", (hello) => setClock(hello.now));
    on<Change>("change", (change, id) => { if (id) seen = id; if (change.kind) listener.change(change); });
    on<Position>("position", (position) => listener.position(position));
    on<Degraded[]>("degraded", (list) => listener.degraded(list));
    on("reset", () => { close(); listener.reset(); });
  }

  function again(): void {
    source?.close();
    if (closed) return;
    link.value = "broken";
    clearTimeout(timer);
    const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** tries++) * (0.75 + Math.random() / 2);
    timer = setTimeout(open, wait);
  }

  /** Pings are comments that a page cannot hear, so long silence is checked by asking. */
  async function check(): Promise<void> {
    if (closed || link.value !== "live" || Date.now() - heard.value < SILENCE_MS) return;
    await get("/health").then(() => { heard.value = Date.now(); }, again);
  }

  const watch = setInterval(() => void check(), 5_000);
  const online = () => { if (link.value === "broken") { clearTimeout(timer); tries = 0; open(); } };
  globalThis.addEventListener("online", online);
  globalThis.addEventListener("offline", again);

  function close(): void {
    closed = true;
    clearTimeout(timer);
    clearInterval(watch);
    globalThis.removeEventListener("online", online);
    globalThis.removeEventListener("offline", again);
    source?.close();
  }

  open();
  return { link, heard, close };
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return {};
  }
}
