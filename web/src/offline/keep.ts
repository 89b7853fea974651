/** What the phone remembers when the page is gone: deeds that wait to be sent, and the last answers. IndexedDB. */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";

/** One deed of a person, with everything needed to send it later. */
export interface Waiting {
  id?: number;
  /** the idempotency key: sent twice is done once */
  key: string;
  path: string;
  body: Record<string, unknown> | null;
  photo: Blob | null;
  /** which task it belongs to, and what it does to it */
  assignment: number | null;
  deed: string;
  at: string;
  /** the account that did it: another one must not send it */
  user: number;
}

interface Shape extends DBSchema {
  outbox: { key: number; value: Waiting };
  kept: { key: string; value: unknown };
}

let opened: Promise<IDBPDatabase<Shape>> | null = null;

function db(): Promise<IDBPDatabase<Shape>> {
  opened ??= openDB<Shape>("gridward", 1, {
    upgrade(made) {
      made.createObjectStore("outbox", { keyPath: "id", autoIncrement: true });
      made.createObjectStore("kept");
    },
  });
  return opened;
}

export async function put(waiting: Waiting): Promise<void> {
  await (await db()).add("outbox", waiting);
}

/** Everything that waits, the oldest first. */
export async function all(): Promise<Waiting[]> {
  return (await db()).getAll("outbox");
}

export async function drop(id: number): Promise<void> {
  await (await db()).delete("outbox", id);
}

export async function remember(name: string, value: unknown): Promise<void> {
  await (await db()).put("kept", value, name);
}

export async function recall<T>(name: string): Promise<T | undefined> {
  return (await (await db()).get("kept", name)) as T | undefined;
}
