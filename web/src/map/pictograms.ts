/** One-colour pictograms of maki and temaki, by names such as "maki/hospital". Drawn in a 15 x 15 box. */
import { shallowRef } from "vue";

const sets = shallowRef<Record<string, Record<string, string>>>({});
const drawn = new Map<string, HTMLCanvasElement>();
let loading: Promise<void> | null = null;

/** Fetch both sets once; the map waits for it before it draws its first tile. */
export function loadPictograms(): Promise<void> {
  loading ??= Promise.all([import("virtual:maki"), import("virtual:temaki")]).then(([maki, temaki]) => {
    sets.value = { maki: maki.default, temaki: temaki.default };
  });
  return loading;
}

/** The path of a pictogram; null while the sets are loading or where the name is unknown. A name without a set is looked for in both. */
export function pathOf(name: string): string | null {
  const [set, icon] = name.includes("/") ? (name.split("/", 2) as [string, string]) : ["", name];
  if (set) return sets.value[set]?.[icon] ?? null;
  return sets.value["maki"]?.[icon] ?? sets.value["temaki"]?.[icon] ?? null;
}

/** A pictogram as an image with a halo, ready for `drawImage`. */
export function pictogram(name: string, colour: string, halo: string, scale = 3): HTMLCanvasElement | null {
  const key = `${name} ${colour} ${halo}`;
  const found = drawn.get(key);
  if (found) return found;
  const path = pathOf(name) ?? pathOf("maki/marker");
  if (!path) return null;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 17 * scale;
  const ctx = canvas.getContext("2d");
  if (!ctx) return null;
  ctx.scale(scale, scale);
  ctx.translate(1, 1);
  const shape = new Path2D(path);
  ctx.lineWidth = 2;
  ctx.lineJoin = "round";
  ctx.strokeStyle = halo;
  ctx.stroke(shape);
  ctx.fillStyle = colour;
  ctx.fill(shape);
  drawn.set(key, canvas);
  return canvas;
}
