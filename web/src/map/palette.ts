/** The colours of the ground, by day and by night. Quiet on purpose: the work on top must be what one sees. */
import type { Theme } from "../ui/theme";

export interface Palette {
  ground: string; residential: string; industrial: string; green: string; wood: string; school: string; pitch: string;
  sand: string; square: string; water: string; building: string; buildingEdge: string; road: string; major: string;
  motorway: string; casing: string; path: string; rail: string; boundary: string; label: string; quiet: string;
  water_label: string; green_label: string; number: string; halo: string; cell: string; cellCode: string; facility: string;
}

const light: Palette = {
  ground: "#f2f1ed", residential: "#ebe8e4", industrial: "#e9e5e1", green: "#dcead0", wood: "#cfe2c3", school: "#eeeae0", pitch: "#d5e8cf",
  sand: "#f3ecd5", square: "#efece6", water: "#b3d1e3", building: "#dcd6cd", buildingEdge: "#cbc3b8", road: "#ffffff", major: "#ffffff",
  motorway: "#f3e2c6", casing: "#d9d4cc", path: "#c9b8a2", rail: "#a9a9b0", boundary: "#9c8fa8", label: "#303742", quiet: "#626b78",
  water_label: "#4a7592", green_label: "#55744a", number: "#776c5f", halo: "#fbfaf8", cell: "rgb(66 90 145 / 60%)", cellCode: "#41547b", facility: "#4d5a6e",
};

const dark: Palette = {
  ground: "#141921", residential: "#181e28", industrial: "#1a1f28", green: "#17261f", wood: "#152a20", school: "#1f2229", pitch: "#1a2b24",
  sand: "#24231f", square: "#1b212b", water: "#1b3348", building: "#222b38", buildingEdge: "#2d3847", road: "#37424f", major: "#455162",
  motorway: "#544c3d", casing: "#11161d", path: "#3f434d", rail: "#4c5563", boundary: "#6f6484", label: "#dfe5ec", quiet: "#98a4b3",
  water_label: "#7fa9c7", green_label: "#86a982", number: "#7d8897", halo: "#141921", cell: "rgb(140 165 215 / 55%)", cellCode: "#a9bbdd", facility: "#a3b0c2",
};

export const paletteOf = (theme: Theme): Palette => (theme === "dark" ? dark : light);

/** Eight colours that colour-blind people can tell apart (after Okabe and Ito, lightened where a thin line needs it). */
export const ROUTE_COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#a07400", "#3f51b5", "#7a3b8f", "#56a0d3"] as const;

export const routeColour = (responder: number): string => ROUTE_COLOURS[responder % ROUTE_COLOURS.length] ?? ROUTE_COLOURS[0];

/** Five classes of viridis, low to high; readable in grey print because lightness rises steadily. */
export const VIRIDIS = ["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"] as const;
