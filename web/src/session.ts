/** Who is here: the session the server knows, or null. */
import { computed, shallowRef } from "vue";
import { get, patch, post, remove, useCsrf } from "./api/client";
import { ApiError } from "./api/errors";
import type { DemoLinks, Language, Role, Session } from "./api/types";

export const session = shallowRef<Session | null>(null);
export const roles = computed<ReadonlySet<Role>>(() => new Set(session.value?.roles ?? []));

function keep(found: Session | null): Session | null {
  session.value = found;
  useCsrf(found?.csrf ?? "");
  return found;
}

/** Ask the server who is here; null when nobody is. Other failures are thrown. */
export async function loadSession(): Promise<Session | null> {
  try {
    return keep(await get<Session>("/session"));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return keep(null);
    throw error;
  }
}

export async function signIn(login: string, password: string): Promise<Session> {
  const found = await post<Session>("/session", { login, password });
  keep(found);
  return found;
}

export async function signOut(): Promise<void> {
  await remove("/session");
  keep(null);
}

export function forgetSession(): void {
  keep(null);
}

/** The chosen language, kept by the server for the sentences it makes. */
export async function keepLanguage(language: Language): Promise<void> {
  if (session.value) await patch("/session", { language });
}

export const demoLinks = () => get<DemoLinks>("/demo");
