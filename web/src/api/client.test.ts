import { afterEach, expect, test, vi } from "vitest";
import { get, post, speak, upload, urlOf, useCsrf, whenSignedOut } from "./client";
import { ApiError, Unreachable } from "./errors";

afterEach(() => vi.unstubAllGlobals());

function answering(response: Response | Error): { calls: { url: string; init: RequestInit }[] } {
  const calls: { url: string; init: RequestInit }[] = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    calls.push({ url, init });
    return response instanceof Error ? Promise.reject(response) : Promise.resolve(response);
  });
  return { calls };
}

const json = (status: number, body: unknown, headers = {}) => new Response(JSON.stringify(body), { status, headers });
const header = (init: RequestInit, name: string) => new Headers(init.headers).get(name);

test("what is empty is left out of a query", () => {
  expect(urlOf("/search", { q: "a b", lon: null, lat: undefined, limit: 8 })).toBe("/api/search?q=a+b&limit=8");
});

test("a deed carries its key, the token and the language", async () => {
  const { calls } = answering(json(200, { ok: true }));
  useCsrf("token");
  speak("zh-Hant");
  await post("/x", { a: 1 }, "key-12345678");
  const { init } = calls[0]!;
  expect([header(init, "Idempotency-Key"), header(init, "X-CSRF-Token"), header(init, "Accept-Language")]).toEqual(["key-12345678", "token", "zh-Hant"]);
});

test("reading carries no token", async () => {
  const { calls } = answering(json(200, []));
  useCsrf("token");
  await get("/x");
  expect(header(calls[0]!.init, "X-CSRF-Token")).toBeNull();
});

test("a refusal becomes an error with code, sentence and way out", async () => {
  answering(json(409, { error: { code: "work.stale", message: "Changed.", help: "Look again.", params: { version: 4 } } }));
  const error = await get("/x").catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 409, code: "work.stale", message: "Changed.", help: "Look again.", params: { version: 4 } });
});

test("an answer that is no JSON is still an error that can be shown, with the time to wait", async () => {
  answering(new Response("<h1>Bad gateway</h1>", { status: 503, headers: { "Retry-After": "7" } }));
  expect(await get("/x").catch((e: unknown) => e)).toMatchObject({ status: 503, code: "http.503", retryAfter: 7 });
});

test("a server that is away is unreachable, not refused", async () => {
  answering(new TypeError("Failed to fetch"));
  expect(await get("/x").catch((e: unknown) => e)).toBeInstanceOf(Unreachable);
});

test("a session that ended is told once, but not when one asks who is here", async () => {
  const told = vi.fn();
  whenSignedOut(told);
  answering(json(401, { error: { code: "work.unauthenticated", message: "" } }));
  await get("/session").catch(() => undefined);
  expect(told).not.toHaveBeenCalled();
  await get("/x").catch(() => undefined);
  expect(told).toHaveBeenCalledOnce();
});

test("a file goes as multipart with its key", async () => {
  const { calls } = answering(json(200, { id: 1 }));
  await upload("/files", new File(["x"], "a.jpg"), "a.jpg", "key-12345678");
  const body = calls[0]!.init.body as FormData;
  expect((body.get("file") as File).name).toBe("a.jpg");
});
