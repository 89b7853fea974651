/** The ways of everybody who has work, for the layer of that name: asked for only while it is shown. */
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import * as api from "../api/desk";
import { routeColour } from "../map/palette";
import type { Route } from "../map/routes";
import type { LiveDesk } from "./live";
import { workByResponder } from "./state";

const MOST = 40;
const AT_ONCE = 4;
const PAUSE_MS = 3_000;

export function useEverybodysRoutes(live: LiveDesk, wanted: Ref<boolean>): ShallowRef<readonly Route[]> {
  const routes = shallowRef<readonly Route[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;

  async function load(): Promise<void> {
    const mine = ++turn;
    const ids = live.desk.value ? [...workByResponder(live.desk.value).keys()].slice(0, MOST) : [];
    const found: Route[] = [];
    for (let i = 0; i < ids.length && mine === turn; i += AT_ONCE) {
      const days = await Promise.all(ids.slice(i, i + AT_ONCE).map((id) => api.day(id).catch(() => null)));
      for (const day of days) {
        if (!day?.route?.line.length) continue;
        const stops = day.tasks.flatMap((task, n) => (task.incident.point ? [{ point: task.incident.point, text: String(n + 1) }] : []));
        found.push({ line: day.route.line, estimated: day.route.estimated, colour: routeColour(day.responder.id), stops });
      }
    }
    if (mine === turn && wanted.value) routes.value = found;
  }

  watch(wanted, (on) => { if (on) void load(); else { turn++; routes.value = []; } }, { immediate: true });
  const stop = live.onChange((change) => {
    if (!wanted.value || !/^(assignment|plan)\./.test(change.kind)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void load(), PAUSE_MS);
  });
  onScopeDispose(() => { stop(); clearTimeout(timer); });
  return routes;
}
