/** The base map. The only file that knows protomaps-leaflet: pinned and in maintenance, so it can be replaced here. */
import L from "./leaflet";
import { leafletLayer, LineSymbolizer, PolygonSymbolizer, type Feature, type LabelRule, type PaintRule } from "protomaps-leaflet";
import { Entrance, LineName, PointName, type Value } from "./labels";
import { paletteOf, type Palette } from "./palette";
import { loadPictograms, pictogram } from "./pictograms";
import { shortCell } from "../ui/formats";
import type { Theme } from "../ui/theme";
import type { Language } from "../api/types";

export interface Looks { theme: Theme; language: Language; /** pictograms of facilities; shown unless false */ facilities?: boolean; /** cell boundaries and codes */ cells?: boolean }

type Repaintable = L.GridLayer & { paintRules: PaintRule[]; labelRules: LabelRule[]; backgroundColor?: string; clearLayout(): void; labelers: { maxLabeledTiles: number } };

/** Tiles wait for the pictograms; the library types its tasks oddly. */
const pictogramsReady = () => loadPictograms().then(() => ({ status: "ready", reason: new Error("none") }));

const DEEPEST = 16; // the deepest tile; the map shows further zooms from it
const LABELLED_TILES = 96; // a wall display needs more than the 16 the library allows itself

const kind = (f: Feature) => String(f.props["kind"] ?? "");
const is = (...kinds: string[]) => { const set = new Set(kinds); return (_: number, f: Feature) => set.has(kind(f)); };
const grow = (stops: [number, number][]) => (z: number): number => {
  const after = stops.findIndex(([zoom]) => zoom >= z);
  const last = stops[stops.length - 1] as [number, number];
  if (after < 0) return last[1] * 1.7 ** (z - last[0]);
  const b = stops[after] as [number, number], a = stops[after - 1];
  return a ? a[1] + ((b[1] - a[1]) * (z - a[0])) / (b[0] - a[0]) : b[1];
};

/** The name in the chosen language, with the local name behind it where they differ. */
export function nameOf(language: Language, both = false): Value {
  const keys = language === "en" ? ["name:en"] : language === "zh-Hans" ? ["name:zh-Hans", "name:zh", "name:zh-Hant"] : ["name:zh-Hant", "name:zh", "name:zh-Hans"];
  return (_, f) => {
    const local = f.props["name"] as string | undefined;
    const own = keys.map((key) => f.props[key] as string | undefined).find(Boolean);
    if (!own || own === local) return local;
    return both && local ? `${own} ${local}` : own;
  };
}

const fill = (dataLayer: string, colour: string, filter?: PaintRule["filter"], more: Partial<PaintRule> = {}): PaintRule =>
  ({ dataLayer, symbolizer: new PolygonSymbolizer({ fill: colour }), ...(filter ? { filter } : {}), ...more });

function landRules(p: Palette): PaintRule[] {
  return [
    fill("land", p.ground, is("earth")),
    fill("water", p.water, (_, f) => f.geomType === 3 && kind(f) === "sea"),
    fill("land", p.residential, is("residential", "commercial", "retail", "farmyard", "military", "road_area")),
    fill("land", p.industrial, is("industrial", "railway", "construction", "landfill", "quarry", "brownfield", "aeroway")),
    fill("land", p.green, is("grass", "park", "garden", "cemetery", "allotments", "farmland", "scrub", "golf_course", "nature_reserve", "wetland")),
    fill("land", p.wood, is("forest")),
    fill("land", p.school, is("school", "hospital")),
    fill("land", p.pitch, is("pitch", "playground", "sports_centre")),
    fill("land", p.sand, is("beach", "sand", "rock", "glacier")),
    fill("land", p.square, is("pedestrian", "parking", "platform")),
    fill("water", p.water, (_, f) => f.geomType === 3 && kind(f) !== "sea"),
    { dataLayer: "water", filter: (_, f) => f.geomType === 2, symbolizer: new LineSymbolizer({ color: p.water, width: (z, f) => (f && kind(f) === "river" ? grow([[12, 2], [16, 7]])(z) : grow([[13, 0.8], [16, 2.2]])(z)), perFeature: true, lineCap: "round", lineJoin: "round" }) },
    fill("land", p.square, is("pier", "bridge")),
    { dataLayer: "buildings", minzoom: 13, maxzoom: 16, symbolizer: new PolygonSymbolizer({ fill: p.building, opacity: (z: number) => (z < 15 ? 0.7 : 1) }) },
    { dataLayer: "buildings", minzoom: 17, symbolizer: new PolygonSymbolizer({ fill: p.building, stroke: p.buildingEdge, width: 1 }) },
  ];
}

/** The classes of road from small to large: [kinds, first zoom, width by zoom]. */
const ROADS: [kinds: string[], from: number, width: (z: number) => number, rank: "path" | "minor" | "major" | "motorway"][] = [
  [["service", "track"], 15, grow([[15, 1.4], [17, 4.5]]), "minor"],
  [["minor", "living_street", "pedestrian"], 12, grow([[12, 0.8], [14, 2.2], [16, 6.5], [18, 15]]), "minor"],
  [["tertiary"], 11, grow([[11, 1], [14, 3.4], [16, 8.5], [18, 18]]), "minor"],
  [["secondary", "primary"], 8, grow([[10, 1.2], [14, 4.6], [16, 10], [18, 21]]), "major"],
  [["trunk", "motorway"], 6, grow([[8, 1.2], [12, 3], [14, 5.5], [16, 11], [18, 22]]), "motorway"],
];

const PATHS = ["path", "steps", "cycleway"];
const RAILS = ["rail", "siding", "tram", "funicular", "subway"];
const above = (...kinds: string[]) => { const set = new Set(kinds); return (_: number, f: Feature) => set.has(kind(f)) && !f.props["tunnel"]; };
const below = (...kinds: string[]) => { const set = new Set(kinds); return (_: number, f: Feature) => set.has(kind(f)) && Boolean(f.props["tunnel"]); };

function roadRules(p: Palette): PaintRule[] {
  const colour = { path: p.path, minor: p.road, major: p.major, motorway: p.motorway };
  const tunnels = ROADS.slice(1).map(([kinds, from, width]): PaintRule => ({ dataLayer: "roads", minzoom: Math.max(from, 14), filter: below(...kinds), symbolizer: new LineSymbolizer({ color: p.casing, width: (z: number) => width(z) * 0.6, dash: [4, 4], opacity: 0.8 }) }));
  const casings = ROADS.map(([kinds, from, width]): PaintRule => ({ dataLayer: "roads", minzoom: Math.max(from, 13), filter: above(...kinds), symbolizer: new LineSymbolizer({ color: p.casing, width: (z: number) => width(z) + 1.4, lineCap: "butt", lineJoin: "round" }) }));
  const fills = ROADS.map(([kinds, from, width, rank]): PaintRule => ({ dataLayer: "roads", minzoom: from, filter: above(...kinds), symbolizer: new LineSymbolizer({ color: colour[rank], width, lineCap: "round", lineJoin: "round" }) }));
  return [
    { dataLayer: "roads", minzoom: 12, filter: is("ferry"), symbolizer: new LineSymbolizer({ color: p.water_label, width: 1, dash: [6, 5], opacity: 0.5 }) },
    { dataLayer: "roads", minzoom: 14, filter: is("pier"), symbolizer: new LineSymbolizer({ color: p.square, width: grow([[14, 1.5], [18, 6]]) }) },
    ...tunnels,
    { dataLayer: "roads", minzoom: 15, filter: above(...PATHS), symbolizer: new LineSymbolizer({ color: p.path, width: grow([[15, 0.7], [18, 1.6]]), dash: [3, 2.5] }) },
    ...casings,
    ...fills,
    { dataLayer: "roads", minzoom: 11, filter: above(...RAILS), symbolizer: new LineSymbolizer({ color: p.rail, width: (z: number, f?: Feature) => grow([[11, 0.8], [16, 1.8]])(z) * (f && kind(f) !== "rail" ? 0.6 : 1), perFeature: true, opacity: 0.85 }) },
    { dataLayer: "roads", minzoom: 15, filter: above("rail"), symbolizer: new LineSymbolizer({ color: p.ground, width: grow([[15, 0.8], [18, 1.6]]), dash: [8, 8] }) },
    { dataLayer: "roads", minzoom: 14, filter: is("aerialway"), symbolizer: new LineSymbolizer({ color: p.rail, width: 1, dash: [10, 3] }) },
    { dataLayer: "boundaries", symbolizer: new LineSymbolizer({ color: p.boundary, width: 1.2, opacity: 0.6, dash: [8, 4, 2, 4] }) },
  ];
}

/** Everything painted, from the bottom up. */
export function paintRules(p: Palette): PaintRule[] {
  return [...landRules(p), ...roadRules(p)];
}

const rank = (a: { [key: string]: unknown }, b: { [key: string]: unknown }) => Number(a["rank"] ?? 99) - Number(b["rank"] ?? 99);
const big = (...kinds: string[]) => is(...kinds);

/** Everything named, the most important first: what comes first keeps its room. */
export function labelRules(p: Palette, { language, facilities = true }: Looks): LabelRule[] {
  const name = nameOf(language), full = nameOf(language, true);
  const road = (size: (z: number) => number, weight: number, colour: string) => new LineName(full, { size, weight, colour, halo: p.halo });
  return [
    { dataLayer: "places", maxzoom: 17, sort: rank, symbolizer: new PointName(full, { size: (z, f) => (Number(f.props["rank"] ?? 9) <= 3 ? 15 : Number(f.props["rank"] ?? 9) <= 5 ? 13 : z > 14 ? 13 : 12), weight: 600, colour: p.label, halo: p.halo }, { wide: 20 }) },
    { dataLayer: "roads", minzoom: 12, filter: big(...(ROADS[4]?.[0] ?? []), ...(ROADS[3]?.[0] ?? [])), symbolizer: road((z) => (z < 15 ? 11 : 12.5), 500, p.label) },
    { dataLayer: "roads", minzoom: 14, filter: big(...(ROADS[2]?.[0] ?? [])), symbolizer: road((z) => (z < 16 ? 11 : z < 18 ? 12 : 13.5), 500, p.label) },
    { dataLayer: "roads", minzoom: 15, filter: big(...(ROADS[1]?.[0] ?? [])), symbolizer: road((z) => (z < 17 ? 11 : z < 18 ? 12 : 13.5), 400, p.label) },
    { dataLayer: "water", minzoom: 13, filter: (_, f) => f.geomType === 2, symbolizer: new LineName(name, { size: () => 11, colour: p.water_label, halo: p.halo, italic: true }, 400) },
    { dataLayer: "points", minzoom: 15, sort: rank, filter: (z, f) => facilities && Boolean(f.props["facility"]) && fromFar(z, f), symbolizer: new PointName(name, { size: () => 11, colour: p.quiet, halo: p.halo }, { icon: (f) => pictogram(String(f.props["icon"]), p.facility, p.halo), textFrom: 16 }) },
    { dataLayer: "points", minzoom: 16, sort: rank, filter: (z, f) => !f.props["facility"] && kind(f) !== "entrance" && Number(f.props["min_zoom"] ?? 16) < z, symbolizer: new PointName(name, { size: () => 11, colour: (f) => (["park", "garden", "wood", "cemetery"].includes(kind(f)) ? p.green_label : ["water", "lake", "bay"].includes(kind(f)) ? p.water_label : p.quiet), halo: p.halo }) },
    { dataLayer: "roads", minzoom: 17, filter: is("service", ...PATHS), symbolizer: road(() => 11, 400, p.quiet) },
    { dataLayer: "points", minzoom: 19, filter: is("entrance"), symbolizer: new Entrance(p.number) },
    { dataLayer: "doors", minzoom: 18, filter: (_, f) => Boolean(numberOf(f)), symbolizer: new PointName((_, f) => numberOf(f), { size: (z) => (z > 18 ? 12 : 10.5), colour: p.number, halo: p.building }, { tight: true }) },
  ];
}

/** What stands on every other corner comes later than what people ask for. */
const SMALL = new Set(["fire_hydrant", "fire_water", "fire_equipment", "waste", "drinking_water"]);
const fromFar = (z: number, f: Feature): boolean => (SMALL.has(kind(f)) ? z >= 17 : z >= 16 || Number(f.props["rank"] ?? 9) <= 5);

const numberOf = (f: Feature) => (f.props["number"] ?? f.props["housenumber"]) as string | undefined;

/** Cell boundaries as hairlines below every name. */
const cellLines = (p: Palette): PaintRule => ({ dataSource: "cells", dataLayer: "cells", minzoom: 13, symbolizer: new PolygonSymbolizer({ fill: "transparent", stroke: p.cell, opacity: (z: number) => (z < 15 ? 0.55 : z < 17 ? 0.75 : 1), width: (z: number) => (z < 15 ? 0.4 : z < 17 ? 0.55 : 0.8) }) });

/** Cell codes from zoom 16, after the names of roads and before those of shops. */
const cellCodes = (p: Palette): LabelRule => ({ dataSource: "cells", dataLayer: "cell_labels", minzoom: 16, symbolizer: new PointName((_, f) => shortCell(String(f.props["code"] ?? "")), { size: () => 11, weight: 500, colour: p.cellCode, halo: p.halo }, { tight: true }) });

/** The base layer of a district. `restyle` changes what is shown and how; nothing is fetched again. Only staff may ask for `withCells`. */
export function baseLayer(district: number, bounds: L.LatLngBounds, looks: Looks, withCells: boolean): { layer: L.GridLayer; restyle(looks: Looks): void } {
  const source = (name: string) => ({ url: `/api/tiles/${district}/${name}/{z}/{x}/{y}.mvt`, maxDataZoom: DEEPEST });
  const layer = leafletLayer({
    sources: { "": source("base"), ...(withCells ? { cells: source("cells") } : {}) },
    bounds: bounds.pad(0.5), noWrap: true, attribution: "", tasks: [pictogramsReady()],
  }) as unknown as Repaintable;
  const dress = (next: Looks) => {
    const p = paletteOf(next.theme), names = labelRules(p, next), cells = withCells && next.cells;
    layer.paintRules = cells ? [...paintRules(p), cellLines(p)] : paintRules(p);
    layer.labelRules = cells ? [...names.slice(0, 5), cellCodes(p), ...names.slice(5)] : names;
    layer.backgroundColor = p.ground;
    layer.clearLayout();
    layer.labelers.maxLabeledTiles = LABELLED_TILES;
  };
  dress(looks);
  return { layer, restyle: (next) => { dress(next); layer.redraw(); } };
}
