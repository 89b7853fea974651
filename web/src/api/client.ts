/** The one place that fetches. Adds language, CSRF token and idempotency key; turns refusals into `ApiError`. */
import { errorOf, Unreachable } from "./errors";

export type Query = Record<string, string | number | boolean | null | undefined>;

let csrf = "";
let language = "en";
let onSignedOut: () => void = () => undefined;

export function useCsrf(token: string): void {
  csrf = token;
}

/** The language that server sentences come in. */
export function speak(tag: string): void {
  language = tag;
}

/** Called when the server no longer knows the session. */
export function whenSignedOut(deed: () => void): void {
  onSignedOut = deed;
}

/** A key that makes a repeated deed one deed. Keep it until the answer is known. */
export function newKey(): string {
  return globalThis.crypto.randomUUID?.() ?? [...globalThis.crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

/** The language chosen, for what cannot send a header. */
export function spoken(): string {
  return language;
}

export function urlOf(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return `/api${path}${text ? `?${text}` : ""}`;
}

async function call(path: string, init: RequestInit, query?: Query): Promise<unknown> {
  const headers = new Headers(init.headers);
  headers.set("Accept", "application/json");
  headers.set("Accept-Language", language);
  if (init.method !== "GET" && csrf) headers.set("X-CSRF-Token", csrf);
  const response = await fetch(urlOf(path, query), { ...init, headers, credentials: "same-origin" }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable();
  });
  if (response.status === 401 && path !== "/session") onSignedOut();
  if (!response.ok) throw await errorOf(response);
  return response.status === 204 ? null : response.json().catch(() => null);
}

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return (await call(path, { method: "GET", signal: signal ?? null }, query)) as T;
}

/** POST JSON. Pass the key that belongs to the deed; without one, this call is its own deed. */
export async function post<T>(path: string, body: unknown = {}, key: string = newKey(), signal?: AbortSignal): Promise<T> {
  return (await sendJson("POST", path, body, key, signal)) as T;
}

export async function patch<T>(path: string, body: unknown, key?: string): Promise<T> {
  return (await sendJson("PATCH", path, body, key)) as T;
}

/** PUT JSON with the key of the deed. */
export async function put<T>(path: string, body: unknown, key: string = newKey()): Promise<T> {
  return (await sendJson("PUT", path, body, key)) as T;
}

export async function remove(path: string): Promise<void> {
  await call(path, { method: "DELETE" });
}

/** POST one file as multipart field `file`. */
export async function upload<T>(path: string, file: Blob, name: string, key: string = newKey()): Promise<T> {
  const form = new FormData();
  form.append("file", file, name);
  return (await call(path, { method: "POST", body: form, headers: { "Idempotency-Key": key } })) as T;
}

export interface Sending { key: string; signal: AbortSignal; /** bytes sent so far, of how many */ sent(bytes: number, all: number): void }

/** POST one large file as multipart field `file`, and be told how far it is: fetch cannot tell. */
export function sendFile<T>(path: string, query: Query, file: Blob, name: string, { key, signal, sent }: Sending): Promise<T> {
  const form = new FormData(), request = new XMLHttpRequest();
  form.append("file", file, name);
  request.open("POST", urlOf(path, query));
  const headers = { Accept: "application/json", "Accept-Language": language, "Idempotency-Key": key, ...(csrf ? { "X-CSRF-Token": csrf } : {}) };
  for (const [header, value] of Object.entries(headers)) request.setRequestHeader(header, value);
  request.upload.addEventListener("progress", (event) => sent(event.loaded, event.lengthComputable ? event.total : file.size));
  signal.addEventListener("abort", () => request.abort());
  return new Promise<T>((resolve, reject) => {
    request.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
    request.addEventListener("error", () => reject(new Unreachable()));
    request.addEventListener("load", () => {
      if (request.status === 401) onSignedOut();
      const answer = new Response(request.responseText, { status: request.status, statusText: request.statusText, headers: retryAfter(request) });
      answered<T>(answer).then(resolve, reject);
    });
    request.send(form);
  });
}

const retryAfter = (request: XMLHttpRequest): HeadersInit => { const wait = request.getResponseHeader("Retry-After"); return wait ? { "Retry-After": wait } : {}; };
async function answered<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw await errorOf(answer);
  return (await answer.json()) as T;
}

function sendJson(method: string, path: string, body: unknown, key?: string, signal?: AbortSignal): Promise<unknown> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (key) headers["Idempotency-Key"] = key;
  return call(path, { method, headers, body: JSON.stringify(body), signal: signal ?? null });
}
