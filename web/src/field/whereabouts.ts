/** Where the phone is, told to the desk only while its owner allows it, and kept while there is no signal. */
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from "vue";
import { post } from "../api/client";
import type { Point } from "../api/types";

interface Fix { lon: number; lat: number; at: string; accuracy: number | null; heading: number | null; speed: number | null }

export interface Whereabouts {
  readonly shared: Ref<boolean>;
  /** the browser or the person said no */
  readonly refused: Ref<boolean>;
  readonly here: ShallowRef<Point | null>;
  share(on: boolean): void;
}

const SEND_MS = 10_000;
const MOST_KEPT = 900; // the server takes a thousand at once
const NAME = "gridward.share-position";

export function useWhereabouts(): Whereabouts {
  const shared = ref(false), refused = ref(false), here = shallowRef<Point | null>(null);
  let fixes: Fix[] = [], watching: number | null = null, sending = false;

  function taken({ coords, timestamp }: GeolocationPosition): void {
    here.value = { lon: coords.longitude, lat: coords.latitude };
    const fix = { lon: coords.longitude, lat: coords.latitude, at: new Date(timestamp).toISOString(), accuracy: coords.accuracy, heading: coords.heading, speed: coords.speed };
    fixes = [...fixes, fix].slice(-MOST_KEPT);
  }

  function share(on: boolean): void {
    if (watching !== null) globalThis.navigator.geolocation.clearWatch(watching);
    watching = null;
    shared.value = on && "geolocation" in globalThis.navigator;
    refused.value = on && !shared.value;
    globalThis.localStorage.setItem(NAME, on ? "yes" : "no");
    if (!shared.value) { fixes = []; return; }
    watching = globalThis.navigator.geolocation.watchPosition(taken, (error) => {
      if (error.code === error.PERMISSION_DENIED) { share(false); refused.value = true; }
    }, { enableHighAccuracy: true, maximumAge: 5_000 });
  }

  async function tell(): Promise<void> {
    if (!fixes.length || sending) return;
    sending = true;
    const now = fixes;
    try {
      await post("/my/positions", now);
      fixes = fixes.slice(now.length);
    } catch {
      return; // kept, and told with the next ones
    } finally {
      sending = false;
    }
  }

  const timer = setInterval(() => void tell(), SEND_MS);
  if (globalThis.localStorage.getItem(NAME) === "yes") share(true);
  onScopeDispose(() => { clearInterval(timer); if (watching !== null) globalThis.navigator.geolocation.clearWatch(watching); });
  return { shared, refused, here, share };
}
