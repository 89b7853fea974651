/** Which layers somebody wants to see; kept on this computer. */
import { reactive, watch } from "vue";

export interface Layers { cells: boolean; facilities: boolean; people: boolean; closed: boolean; routes: boolean; roads: boolean }

const KEY = "gridward.layers";
const usual: Layers = { cells: true, facilities: true, people: true, closed: false, routes: false, roads: true };

export const LAYERS = Object.keys(usual) as (keyof Layers)[];

function stored(): Partial<Layers> {
  try {
    return JSON.parse(globalThis.localStorage?.getItem(KEY) ?? "{}") as Partial<Layers>;
  } catch {
    return {};
  }
}

export function useLayers(): Layers {
  const layers = reactive({ ...usual, ...stored() });
  watch(layers, () => globalThis.localStorage?.setItem(KEY, JSON.stringify(layers)));
  return layers;
}
