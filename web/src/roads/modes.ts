/** How people get about, in one order and with one sign everywhere. */
import type { Mode } from "../api/types";

export const MODES: readonly Mode[] = ["walk", "cycle", "drive"];
const PICTOGRAMS: Record<Mode, string> = { walk: "temaki/pedestrian", cycle: "maki/bicycle", drive: "maki/car" };
export const pictogramOf = (mode: Mode): string => PICTOGRAMS[mode];
