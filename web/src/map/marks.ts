/** Small signs on a grid of 24 x 24: what a row of a file did, what a cell has wrong. One drawing for map and list. */
import type { FaultKind } from "../api/divisions";
import type { RowVerdict } from "../api/imports";
import type { Theme } from "../ui/theme";

/** the outline, what is drawn on it, and whether the outline is filled */
export interface MarkShape { outline: string; inside: string; colour: keyof Tones; hollow?: boolean; small?: boolean }
interface Tones { ok: string; accent: string; quiet: string; bad: string; warn: string; paper: string }

const TONES: Record<Theme, Tones> = {
  light: { ok: "#1f7a4c", accent: "#1a5fb4", quiet: "#657080", bad: "#b3152f", warn: "#a65f00", paper: "#ffffff" },
  dark: { ok: "#6ccf9a", accent: "#6cb0f5", quiet: "#98a4b3", bad: "#ff7f92", warn: "#f5b64c", paper: "#171c25" },
};
export const tonesOf = (theme: Theme): Tones => TONES[theme];

const DISC = "M12 2a10 10 0 1 1 0 20 10 10 0 1 1 0-20z";
const SQUARE = "M3.500 3.500h17v17h-17z";
const DIAMOND = "M12 .8 23.200 12 12 23.200.8 12z";
const TRIANGLE = "M12 2 23 21H1z";

export const VERDICT_MARKS: Record<RowVerdict, MarkShape> = {
  new: { outline: DISC, inside: "M9 9h6v6H9z", colour: "accent" },
  added: { outline: DISC, inside: "M10.700 6.500h2.600v4.200h4.200v2.600h-4.200v4.200h-2.600v-4.200H6.500v-2.600h4.200z", colour: "ok" },
  changed: { outline: SQUARE, inside: "M7 15.600 14.600 8l2 2L9 17.600H7zM15.300 7.300l1-1 2 2-1 1z", colour: "accent" },
  same: { outline: DISC, inside: "", colour: "quiet", small: true },
  gone: { outline: SQUARE, inside: "M6.500 10.700h11v2.600h-11z", colour: "quiet", hollow: true },
  rejected: { outline: DIAMOND, inside: "m8.800 7.200 3.200 3.200 3.200-3.200 1.600 1.600-3.200 3.200 3.200 3.200-1.600 1.600-3.200-3.200-3.200 3.200-1.600-1.600 3.200-3.200-3.200-3.200z", colour: "bad" },
};

const INSIDE: Record<FaultKind, string> = {
  invalid: "M10.800 8.500h2.400l-.3 6h-1.800zM10.900 16h2.200v2.200h-2.200z",
  unclosed: "M7.500 11h5v1.600H9.100v4.800h5.800v-2.400h1.600v4H7.500z",
  gap: "M8 10.500h8v8H8zm1.800 1.800v4.400h4.400v-4.400z",
  overlap: "M7 9.800h6.200V16H7zm3.800 3.200H17v6h-6.200z",
  sliver: "m6.600 17.400 9.900-5.200.6 1.200-9.900 5.200z",
  spill: "M7 13.800h5.200V11l5 4.100-5 4.100v-2.800H7z",
  two_communities: "M11.200 8.800h1.600v10.400h-1.600zM6.600 13.600h3v3h-3zm7.800 0h3v3h-3z",
  building_cut: "M12 8.800 17.200 14h-1.400v4.800H8.200V14H6.800zm-.5 3.200v6h1v-6z",
  stray: "M12 8.800 17.200 14h-1.400v4.800H8.200V14H6.800z",
  in_pieces: "M7 11.500h4v4H7zm6 3h4v4h-4z",
  too_small: "M7.500 13.700h9v2.400h-9z",
  too_big: "M10.800 10.400h2.400v3.300h3.300v2.400h-3.300v3.300h-2.400v-3.300H7.500v-2.400h3.300z",
  no_code: "M7.500 17h2v2h-2zm3.500 0h2v2h-2zm3.500 0h2v2h-2z",
  bad_code: "M9.500 11h1.300l-.2 1.600h2.300l.2-1.600h1.300l-.2 1.600H16v1.300h-2l-.2 1.700H16V17h-2.400l-.2 1.700h-1.300l.2-1.700H10l-.2 1.700H8.500l.2-1.700H7v-1.400h1.900l.2-1.700H7v-1.300h2.300z",
  code_twice: "M7.500 12h3.800v1.500H7.500zm0 3h3.800v1.500H7.500zm5.200-3h3.800v1.500h-3.800zm0 3h3.800v1.500h-3.800z",
  code_reused: "M12 10.500a4.300 4.300 0 1 1-4.200 5.200l1.700-.4a2.600 2.600 0 1 0 .6-2.300l1.300 1.200H7.600v-3.600l1.200 1.200A4.300 4.300 0 0 1 12 10.500z",
  duty_unconnected: "M6.800 13.600h3.700v2.600H6.800zm6.700 0h3.700v2.600h-3.700z",
};
/** what may stand for a while and is only told */
const SOFT = new Set<FaultKind>(["too_small", "too_big", "no_code", "sliver"]);

export const faultMark = (kind: FaultKind): MarkShape => ({ outline: TRIANGLE, inside: INSIDE[kind] ?? INSIDE.invalid, colour: SOFT.has(kind) ? "warn" : "bad" });

const NS = "http://www.w3.org/2000/svg";
function part(name: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** A mark as an element, for lists and markers. */
export function markSvg(shape: MarkShape, size: number, theme: Theme): SVGSVGElement {
  const tones = TONES[theme], colour = tones[shape.colour];
  const svg = part("svg", { viewBox: shape.small ? "-8 -8 40 40" : "-1 -1 26 26", width: String(size), height: String(size), "aria-hidden": "true" }) as SVGSVGElement;
  svg.append(part("path", { d: shape.outline, fill: shape.hollow ? tones.paper : colour, stroke: shape.hollow ? colour : tones.paper, "stroke-width": "2", "stroke-linejoin": "round" }));
  if (shape.inside) svg.append(part("path", { d: shape.inside, fill: shape.hollow ? colour : tones.paper, "fill-rule": "evenodd" }));
  return svg;
}

const paths = new Map<string, Path2D>();
const pathOf = (d: string): Path2D => { const found = paths.get(d) ?? new Path2D(d); paths.set(d, found); return found; };

/** A mark on a canvas, its middle at 0, 0; `size` in pixels. */
export function drawMark(ctx: CanvasRenderingContext2D, shape: MarkShape, size: number, theme: Theme): void {
  const tones = TONES[theme], colour = tones[shape.colour], k = (shape.small ? size * 0.62 : size) / 24;
  ctx.save();
  ctx.scale(k, k);
  ctx.translate(-12, -12);
  ctx.lineJoin = "round";
  ctx.lineWidth = 3;
  ctx.strokeStyle = shape.hollow ? colour : tones.paper;
  ctx.fillStyle = shape.hollow ? tones.paper : colour;
  ctx.stroke(pathOf(shape.outline));
  ctx.fill(pathOf(shape.outline));
  if (shape.inside) { ctx.fillStyle = shape.hollow ? colour : tones.paper; ctx.fill(pathOf(shape.inside), "evenodd"); }
  ctx.restore();
}
