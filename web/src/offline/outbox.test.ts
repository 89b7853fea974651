import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError, Unreachable } from "../api/errors";
import { all, drop, remember, type Waiting } from "./keep";
import { forgetSession } from "../session";
import { send, useOutbox, type Outbox, type Send } from "./outbox";

const deed = (name: string) => ({ path: `/assignments/1/${name}`, body: { version: 1 }, photo: null, assignment: 1, deed: name });
const no = (status: number) => new ApiError(status, { code: "work.stale", message: "Changed meanwhile" });
const settled = async (box: Outbox) => vi.waitFor(() => expect(box.sending.value).toBe(false));
let box: Outbox;

beforeEach(async () => { for (const one of await all()) await drop(one.id ?? 0); await remember("refused-7", []); });
afterEach(() => { box.close(); vi.unstubAllGlobals(); });

test("what was done without signal is sent in order when there is signal again, each with the same key", async () => {
  const tried: Waiting[] = [], done: string[] = [];
  let signal = false;
  const by: Send = async (one) => { tried.push(one); if (!signal) throw new Unreachable(); return one.deed; };
  box = useOutbox(7, (one) => done.push(one.deed), by);
  await box.add(deed("accept"));
  await box.add(deed("depart"));
  await settled(box);
  expect(box.waiting.value.map((one) => one.deed)).toEqual(["accept", "depart"]);
  signal = true;
  globalThis.dispatchEvent(new Event("online"));
  await vi.waitFor(() => expect(done).toEqual(["accept", "depart"]));
  expect(box.waiting.value).toEqual([]);
  expect(new Set(tried.filter((one) => one.deed === "accept").map((one) => one.key)).size).toBe(1);
});

test("a refusal is kept to be read, and what comes after it is still sent", async () => {
  const done: string[] = [];
  box = useOutbox(7, (one) => done.push(one.deed), async (one) => { if (one.deed === "accept") throw no(409); return null; });
  await box.add(deed("accept"));
  await box.add(deed("arrive"));
  await vi.waitFor(() => expect(done).toEqual(["arrive"]));
  expect(box.refused.value.map((one) => [one.waiting.deed, one.error.message])).toEqual([["accept", "Changed meanwhile"]]);
});

test.each([503, 429, 401])("an answer of %i is no refusal: the deed waits", async (status) => {
  box = useOutbox(7, () => undefined, async () => { throw no(status); });
  await box.add(deed("accept"));
  await settled(box);
  expect(box.waiting.value).toHaveLength(1);
  expect(box.refused.value).toEqual([]);
});

test("what one person did is never sent by another who signs in on the same phone", async () => {
  box = useOutbox(7, () => undefined, async () => { throw new Unreachable(); });
  await box.add(deed("accept"));
  await settled(box);
  box.close();
  const sent: Waiting[] = [];
  box = useOutbox(8, () => undefined, async (one) => sent.push(one));
  await box.flush();
  expect(sent).toEqual([]);
});

const waiting: Waiting = { ...deed("accept"), id: 1, key: "key-12345678", at: "2026-11-22T12:00:00Z", user: 7 };
const here = (user: number) => ({ user: { id: user }, roles: [], csrf: `token-${user}` });

function server(deeds: (token: string | null) => Response, user = 7): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    asked.push(url);
    return url === "/api/session" ? new Response(JSON.stringify(here(user))) : deeds(new Headers(init.headers).get("X-CSRF-Token"));
  });
  forgetSession();
  return asked;
}

test("a page that was opened without signal learns who is here before it sends", async () => {
  const asked = server((token) => new Response("{}", { status: token === "token-7" ? 200 : 403 }));
  await send(waiting);
  expect(asked).toEqual(["/api/session", "/api/assignments/1/accept"]);
});

test("a token that was replaced is learned anew, and the deed is sent again with the same key", async () => {
  let tries = 0;
  const asked = server(() => (tries++ ? new Response("{}") : new Response(JSON.stringify({ error: { code: "request.csrf", message: "" } }), { status: 403 })));
  await send(waiting);
  expect(asked.slice(1)).toEqual(["/api/assignments/1/accept", "/api/session", "/api/assignments/1/accept"]);
});

test("what one person did is not sent in the name of another", async () => {
  const asked = server(() => new Response("{}"), 8);
  await expect(send(waiting)).rejects.toMatchObject({ status: 401 });
  expect(asked).toEqual(["/api/session"]);
});

test("a refusal is still there when the page is opened again, until somebody has read it", async () => {
  const refusing: Send = async () => { throw no(409); };
  box = useOutbox(7, () => undefined, refusing);
  await box.add(deed("accept"));
  await vi.waitFor(async () => expect(await all()).toEqual([]));
  box.close();
  box = useOutbox(7, () => undefined, refusing);
  await vi.waitFor(() => expect(box.refused.value.map((one) => [one.waiting.deed, one.error.message, one.error.status])).toEqual([["accept", "Changed meanwhile", 409]]));
  for (const one of box.refused.value) box.dismiss(one);
  box.close();
  await new Promise((done) => setTimeout(done, 50));
  box = useOutbox(7, () => undefined, refusing);
  await settled(box);
  expect(box.refused.value).toEqual([]);
});
