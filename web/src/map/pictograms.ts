/** One-colour pictograms of maki and temaki, by names such as "maki/hospital". Drawn in a 15 x 15 box. */
import { shallowRef } from "vue";

type Paths = Readonly<Record<string, string>>;

const paths = shallowRef<Paths>({});
const drawn = new Map<string, HTMLCanvasElement>();
let loading: Promise<void> | null = null, rest: Promise<void> | null = null;

/** Fetch the pictograms once; the map waits for them before it draws its first tile. */
export function loadPictograms(): Promise<void> {
  loading ??= import("virtual:pictograms").then((found) => { paths.value = found.default; });
  return loading;
}

/** The path of a pictogram; null while it is loading or where nobody knows it. A name that our tables do not use fetches the whole sets. */
export function pathOf(name: string): string | null {
  const found = paths.value[name] ?? paths.value[`maki/${name}`] ?? paths.value[`temaki/${name}`];
  if (!found && loading && Object.keys(paths.value).length) rest ??= import("virtual:all-pictograms").then((all) => { paths.value = all.default; });
  return found ?? null;
}

/** A pictogram as an image with a halo, ready for `drawImage`. */
export function pictogram(name: string, colour: string, halo: string, scale = 3): HTMLCanvasElement | null {
  const key = `${name} ${colour} ${halo}`;
  const found = drawn.get(key);
  if (found) return found;
  const own = pathOf(name), path = own ?? pathOf("maki/marker");
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
  if (own) drawn.set(key, canvas);
  return canvas;
}
