/** What a found place is, and why it was found: a pictogram and words for each kind. */
import type { Place, PlaceKind } from "../api/types";

const PICTOGRAMS: Record<PlaceKind, string> = {
  address: "maki/home", interpolated: "maki/circle-stroked", neighbour: "temaki/row_houses", lane: "temaki/gate", street: "temaki/chicane_arrow", crossing: "temaki/junction", near: "maki/landmark", post: "temaki/milestone",
  facility: "maki/town-hall", area: "maki/city", cell: "maki/square-stroked", coordinates: "temaki/compass", pin: "maki/marker", incident: "maki/danger", responder: "temaki/pedestrian",
};

/** A kind that this page has not heard of is still a place. */
export const pictogramOf = (kind: string): string => PICTOGRAMS[kind as PlaceKind] ?? "maki/marker";
export const known = (kind: string): boolean => kind in PICTOGRAMS;

/** places that stand for something near what was asked, so that how far they may be off must be said */
const ABOUT: ReadonlySet<string> = new Set(["interpolated", "neighbour", "lane", "near", "area", "street", "post"]);

/** Metres that the place may be off, where that is worth saying. */
export const offBy = ({ kind, accuracy_m }: Pick<Place, "kind" | "accuracy_m">): number | null => (ABOUT.has(kind) && accuracy_m >= 5 ? accuracy_m : null);

/** Why it was found, beyond its kind: the key of a word, or nothing to add. */
export function whyOf({ kind, found }: Pick<Place, "kind" | "found">): "similar" | "begins" | "nearest_known" | null {
  if (found === "typo") return "similar";
  if (found === "prefix") return "begins";
  return kind === "interpolated" || kind === "neighbour" || kind === "lane" ? "nearest_known" : null;
}
