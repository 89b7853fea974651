/** The colours of the ground, by day and by night. Quiet on purpose: the work on top must be what one sees. */
import type { Theme } from "../ui/theme";
import drawn from "../../../data/reference/basemap.json";

/** The rules of the base map are data: the style for other programs is made from the same file. */
export type Palette = Readonly<(typeof drawn)["palettes"]["day"]>;
export type Colour = keyof Palette;

export const paletteOf = (theme: Theme): Palette => drawn.palettes[theme === "dark" ? "night" : "day"];

/** Eight colours that colour-blind people can tell apart (after Okabe and Ito, lightened where a thin line needs it). */
export const ROUTE_COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#a07400", "#3f51b5", "#7a3b8f", "#56a0d3"] as const;

export const routeColour = (responder: number): string => ROUTE_COLOURS[responder % ROUTE_COLOURS.length] ?? ROUTE_COLOURS[0];

/** Five classes of viridis, low to high; readable in grey print because lightness rises steadily. */
export const VIRIDIS = ["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"] as const;
