/** What one does to a draft: the tool in hand, the cells that were picked for it, and the edit that they make. Pure. */
import type { Edit } from "../api/divisions";
import type { DrawnShape } from "../api/roads";

export const TOOLS = ["look", "split", "merge", "move", "assign"] as const;
export type Tool = (typeof TOOLS)[number];

/** how many cells a tool works on: at least, at most */
const CELLS: Record<Tool, [least: number, most: number]> = { look: [0, 1], split: [1, 1], merge: [2, 40], move: [2, 2], assign: [1, 1] };
const DRAWS: Record<Tool, "LineString" | "Polygon" | null> = { look: null, split: "LineString", merge: null, move: "LineString", assign: "Polygon" };

export const drawn = (tool: Tool): boolean => DRAWS[tool] !== null;
export const formOf = (tool: Tool): "line" | "area" => (DRAWS[tool] === "Polygon" ? "area" : "line");
export const enough = (tool: Tool, picked: readonly string[]): boolean => picked.length >= CELLS[tool][0];
export const absent = (tool: Tool, picked: readonly string[]): number => Math.max(0, CELLS[tool][0] - picked.length);

/** A cell picked once more is let go; of one too many the first goes. */
export function picking(tool: Tool, picked: readonly string[], key: string): string[] {
  if (picked.includes(key)) return picked.filter((one) => one !== key);
  const most = CELLS[tool][1];
  return [...picked, key].slice(-most);
}

/** With another tool in hand, so many cells stay picked as it can take. */
export const kept = (tool: Tool, picked: readonly string[]): string[] => picked.slice(0, CELLS[tool][1]);

/** The edit that tool, cells and drawing make; null while something is missing. */
export function editOf(tool: Tool, picked: readonly string[], shape: DrawnShape | null): Edit | null {
  const [first, second] = picked;
  if (!enough(tool, picked) || first === undefined || (DRAWS[tool] !== null && shape?.type !== DRAWS[tool])) return null;
  if (tool === "merge") return { op: "merge", cells: [...picked] };
  if (tool === "split" && shape?.type === "LineString") return { op: "split", cell: first, line: shape };
  if (tool === "move" && second !== undefined && shape?.type === "LineString") return { op: "move", cells: [first, second], line: shape };
  if (tool === "assign" && shape?.type === "Polygon") return { op: "assign", geometry: shape, cell: first };
  return null;
}
