import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { follow, type Listener, type Stream } from "./stream";

class Source extends EventTarget {
  static all: Source[] = [];
  closed = false;
  constructor(readonly url: string) { super(); Source.all.push(this); }
  close(): void { this.closed = true; }
  say(type: string, data: unknown, lastEventId = ""): void {
    this.dispatchEvent(new MessageEvent(type, { data: typeof data === "string" ? data : JSON.stringify(data), lastEventId }));
  }
}

const told = { change: vi.fn(), position: vi.fn(), degraded: vi.fn(), reset: vi.fn() } satisfies Listener;
const last = () => Source.all.at(-1)!;
let stream: Stream;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Source);
  Source.all = [];
  stream = follow(1, "5-9", told);
});
afterEach(() => {
  stream.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

test("it begins where the snapshot ended, and says when it is live", () => {
  expect(last().url).toBe("/api/stream?district=1&cursor=5-9&language=en");
  expect(stream.link.value).toBe("connecting");
  last().dispatchEvent(new Event("open"));
  expect(stream.link.value).toBe("live");
});

test("after a break it goes on from the last event that was seen, not from the beginning", () => {
  last().say("change", { kind: "incident.reported" }, "6-1");
  last().dispatchEvent(new Event("error"));
  expect(stream.link.value).toBe("broken");
  vi.advanceTimersByTime(1_000);
  expect(Source.all).toHaveLength(2);
  expect(last().url).toBe("/api/stream?district=1&cursor=6-1&language=en");
});

test("the pauses between attempts grow, up to about ten seconds", () => {
  for (let i = 0; i < 8; i++) { last().dispatchEvent(new Event("error")); vi.advanceTimersByTime(13_000); }
  const before = Source.all.length;
  last().dispatchEvent(new Event("error"));
  vi.advanceTimersByTime(7_000);
  expect(Source.all).toHaveLength(before);
  vi.advanceTimersByTime(6_000);
  expect(Source.all).toHaveLength(before + 1);
});

test("a position moves no cursor", () => {
  last().say("position", { responder: 7, lon: 1, lat: 2 });
  expect(told.position).toHaveBeenCalledWith({ responder: 7, lon: 1, lat: 2 });
  last().dispatchEvent(new Event("error"));
  vi.advanceTimersByTime(1_000);
  expect(last().url).toContain("cursor=5-9&language=en");
});

test("when the server no longer holds what was missed, the page is told to read again and the stream rests", () => {
  last().say("reset", {});
  expect(told.reset).toHaveBeenCalledOnce();
  expect(last().closed).toBe(true);
  vi.advanceTimersByTime(60_000);
  expect(Source.all).toHaveLength(1);
});

test("a line that is no JSON does not stop what comes after it", () => {
  last().say("change", "{broken");
  last().say("change", { kind: "incident.closed" }, "6-2");
  expect(told.change).toHaveBeenLastCalledWith({ kind: "incident.closed" });
});

test("long silence is checked by asking, and a server that does not answer counts as broken", async () => {
  last().dispatchEvent(new Event("open"));
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("away")));
  await vi.advanceTimersByTimeAsync(31_000);
  expect(Source.all.length).toBeGreaterThan(1);
});

test("losing the network is known at once", () => {
  last().dispatchEvent(new Event("open"));
  globalThis.dispatchEvent(new Event("offline"));
  expect(stream.link.value).toBe("broken");
});
