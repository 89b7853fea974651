import { expect, test } from "vitest";
import { ApiError, Unreachable } from "../api/errors";
import { useAttempt } from "./attempt";

const failing = (error: Error) => (key: string) => { keys.push(key); return Promise.reject(error); };
let keys: string[] = [];

test("a deed whose answer never came is repeated with the same key", async () => {
  keys = [];
  const attempt = useAttempt();
  await attempt.run({ a: 1 }, failing(new Unreachable()));
  await attempt.run({ a: 1 }, failing(new Unreachable()));
  expect(keys[0]).toBe(keys[1]);
});

test("other contents are another deed", async () => {
  keys = [];
  const attempt = useAttempt();
  await attempt.run({ a: 1 }, failing(new Unreachable()));
  await attempt.run({ a: 2 }, failing(new Unreachable()));
  expect(keys[0]).not.toBe(keys[1]);
});

test("after a refusal the next attempt is a new deed", async () => {
  keys = [];
  const attempt = useAttempt();
  const refused = failing(new ApiError(409, { code: "work.stale", message: "" }));
  await attempt.run({ a: 1 }, refused);
  await attempt.run({ a: 1 }, refused);
  expect(keys[0]).not.toBe(keys[1]);
  expect(attempt.problem.value).toBeInstanceOf(ApiError);
});

test("a second press while the first runs does nothing", async () => {
  const attempt = useAttempt();
  let done: (value: string) => void = () => undefined;
  const first = attempt.run(1, () => new Promise<string>((resolve) => { done = resolve; }));
  expect(await attempt.run(1, () => Promise.resolve("second"))).toBeNull();
  done("first");
  expect(await first).toBe("first");
  expect(attempt.busy.value).toBe(false);
});
