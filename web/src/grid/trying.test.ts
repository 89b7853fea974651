import { expect, test } from "vitest";
import { effectScope, nextTick, ref } from "vue";
import type { Edit, Edited } from "../api/divisions";
import { useTrying } from "./trying";

const merge = (...cells: string[]): Edit => ({ op: "merge", cells });
const said = (version: number): Edited => ({ version, cells: { type: "FeatureCollection", features: [] }, gone: [], faults: [], refused: null });

function trial() {
  const edit = ref<Edit | null>(null), asked: { edit: Edit; answer: (edited: Edited) => void }[] = [];
  const scope = effectScope();
  const trying = scope.run(() => useTrying(edit, (one) => new Promise<Edited>((resolve) => { asked.push({ edit: one, answer: resolve }); }), 10));
  if (!trying) throw new Error("no scope");
  return { edit, asked, trying, stop: () => scope.stop() };
}
const pause = async (ms: number) => { await nextTick(); await new Promise((resolve) => setTimeout(resolve, ms)); };

test("what changes quickly is asked once, with the newest edit", async () => {
  const { edit, asked, stop } = trial();
  for (const key of ["b", "c", "d"]) { edit.value = merge("a", key); await nextTick(); }
  await pause(40);
  expect(asked.map((one) => one.edit)).toEqual([merge("a", "d")]);
  stop();
});

test("an older answer that comes late is thrown away", async () => {
  const { edit, asked, trying, stop } = trial();
  edit.value = merge("a", "b");
  await pause(40);
  edit.value = merge("a", "c");
  await pause(40);
  asked[1]?.answer(said(2));
  await pause(0);
  asked[0]?.answer(said(1));
  await pause(0);
  expect(trying.answer.value?.version).toBe(2);
  expect(trying.busy.value).toBe(false);
  stop();
});

test("without an edit nothing is asked and nothing stands", async () => {
  const { edit, asked, trying, stop } = trial();
  edit.value = merge("a", "b");
  await pause(40);
  asked[0]?.answer(said(1));
  await pause(0);
  edit.value = null;
  await nextTick();
  expect(trying.answer.value).toBeNull();
  expect(asked.length).toBe(1);
  stop();
});
