/** The base map. The only file that knows protomaps-leaflet: pinned and in maintenance, so it can be replaced here. */
import L from "./leaflet";
import { leafletLayer, LineSymbolizer, PolygonSymbolizer, type Feature, type LabelRule, type PaintRule } from "protomaps-leaflet";
import { Entrance, LineName, PointName, type Value } from "./labels";
import drawn from "../../../data/reference/basemap.json";
import { paletteOf, type Colour, type Palette } from "./palette";
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

type Stop = [zoom: number, pixels: number];

const kind = (f: Feature) => String(f.props["kind"] ?? "");
const is = (...kinds: string[]) => { const set = new Set(kinds); return (_: number, f: Feature) => set.has(kind(f)); };
const grow = (stops: readonly (readonly number[])[]) => (z: number): number => {
  const after = stops.findIndex(([zoom]) => Number(zoom) >= z);
  const last = stops[stops.length - 1] as Stop;
  if (after < 0) return last[1] * 1.7 ** (z - last[0]);
  const b = stops[after] as Stop, a = stops[after - 1] as Stop | undefined;
  return a ? a[1] + ((b[1] - a[1]) * (z - a[0])) / (b[0] - a[0]) : b[1];
};

/** The name in the chosen language, with the local name behind it where they differ. */
export function nameOf(language: Language, both = false): Value {
  const keys = drawn.names[language];
  return (_, f) => {
    const local = f.props["name"] as string | undefined;
    const own = keys.map((key) => f.props[key] as string | undefined).find(Boolean);
    if (!own || own === local) return local;
    return both && local ? `${own} ${local}` : own;
  };
}

const fill = (dataLayer: string, colour: string, filter?: PaintRule["filter"], more: Partial<PaintRule> = {}): PaintRule =>
  ({ dataLayer, symbolizer: new PolygonSymbolizer({ fill: colour }), ...(filter ? { filter } : {}), ...more });

/** `from` and `until` of the table are zooms of the map; surfaces in the order of the table, but waters before squares. */
function landRules(p: Palette): PaintRule[] {
  const rules = drawn.land.map(({ colour, kinds, from, until }) => fill("land", p[colour as Colour], is(...kinds), { ...(from ? { minzoom: from } : {}), ...(until ? { maxzoom: until } : {}) }));
  const river = grow(drawn.water.river), stream = grow(drawn.water.stream);
  const { from, edges } = drawn.buildings;
  return [
    ...rules.slice(0, 1),
    fill("water", p.water, (_, f) => f.geomType === 3 && kind(f) === "sea"),
    ...rules.slice(1, -1),
    fill("water", p.water, (_, f) => f.geomType === 3 && kind(f) !== "sea"),
    { dataLayer: "water", filter: (_, f) => f.geomType === 2, symbolizer: new LineSymbolizer({ color: p.water, width: (z, f) => (f && kind(f) === "river" ? river(z) : stream(z)), perFeature: true, lineCap: "round", lineJoin: "round" }) },
    ...rules.slice(-1),
    { dataLayer: "buildings", minzoom: from, maxzoom: edges - 1, symbolizer: new PolygonSymbolizer({ fill: p.building, opacity: (z: number) => (z < 15 ? 0.7 : 1) }) },
    { dataLayer: "buildings", minzoom: edges, symbolizer: new PolygonSymbolizer({ fill: p.building, stroke: p.buildingEdge, width: 1 }) },
  ];
}

const ROADS = drawn.roads.map((road) => ({ ...road, colour: road.colour as Colour, casing: road.casing as Colour, wide: grow(road.width) }));
const above = (...kinds: string[]) => { const set = new Set(kinds); return (_: number, f: Feature) => set.has(kind(f)) && !f.props["tunnel"]; };
const below = (...kinds: string[]) => { const set = new Set(kinds); return (_: number, f: Feature) => set.has(kind(f)) && Boolean(f.props["tunnel"]); };
/** A link to a main road is narrower than the road. */
const narrowed = (width: (z: number) => number, more = 0) => (z: number, f?: Feature) => width(z) * (f?.props["link"] ? 0.7 : 1) + more;

function roadRules(p: Palette): PaintRule[] {
  const tunnels = ROADS.slice(1).map(({ kinds, from, wide }): PaintRule => ({ dataLayer: "roads", minzoom: Math.max(from, 13), filter: below(...kinds), symbolizer: new LineSymbolizer({ color: p.casing, width: (z: number) => wide(z) * 0.6, dash: [4, 4], opacity: 0.8 }) }));
  const casings = ROADS.map(({ kinds, cased, casing, wide }): PaintRule => ({ dataLayer: "roads", minzoom: cased, filter: above(...kinds), symbolizer: new LineSymbolizer({ color: p[casing], width: narrowed(wide, 1.4), perFeature: true, lineCap: "butt", lineJoin: "round" }) }));
  const fills = ROADS.map(({ kinds, from, colour, wide }): PaintRule => ({ dataLayer: "roads", minzoom: from, filter: above(...kinds), symbolizer: new LineSymbolizer({ color: p[colour], width: narrowed(wide), perFeature: true, lineCap: "round", lineJoin: "round" }) }));
  const { paths, rails, boundary } = drawn, rail = grow(rails.width);
  return [
    { dataLayer: "roads", minzoom: 12, filter: is("ferry"), symbolizer: new LineSymbolizer({ color: p.water_label, width: 1, dash: [6, 5], opacity: 0.5 }) },
    { dataLayer: "roads", minzoom: 14, filter: is("pier"), symbolizer: new LineSymbolizer({ color: p.square, width: grow([[14, 1.5], [18, 6]]) }) },
    ...tunnels,
    { dataLayer: "roads", minzoom: paths.from, filter: above(...paths.kinds), symbolizer: new LineSymbolizer({ color: p.path, width: grow(paths.width), dash: paths.dash }) },
    ...casings,
    ...fills,
    { dataLayer: "roads", minzoom: rails.from, filter: above(...rails.kinds), symbolizer: new LineSymbolizer({ color: p.rail, width: (z: number, f?: Feature) => rail(z) * (f && kind(f) !== "rail" ? 0.6 : 1), perFeature: true, opacity: 0.85 }) },
    { dataLayer: "roads", minzoom: 15, filter: above("rail"), symbolizer: new LineSymbolizer({ color: p.ground, width: grow([[15, 0.8], [18, 1.6]]), dash: [8, 8] }) },
    { dataLayer: "roads", minzoom: 14, filter: is("aerialway"), symbolizer: new LineSymbolizer({ color: p.rail, width: 1, dash: [10, 3] }) },
    { dataLayer: "boundaries", symbolizer: new LineSymbolizer({ color: p.boundary, width: boundary.width, opacity: boundary.opacity, dash: boundary.dash }) },
  ];
}

/** Everything painted, from the bottom up. */
export function paintRules(p: Palette): PaintRule[] {
  return [...landRules(p), ...roadRules(p)];
}

const rank = (a: { [key: string]: unknown }, b: { [key: string]: unknown }) => Number(a["rank"] ?? 99) - Number(b["rank"] ?? 99);
/** The name of a country does not stand in the middle of its capital. */
const inItsZooms = (z: number, f: Feature): boolean => {
  const [from, until] = (drawn.places as Record<string, number[]>)[kind(f)] ?? [];
  return z >= (from ?? 0) && z <= (until ?? 18);
};

/** Everything named, the most important first: what comes first keeps its room. */
export function labelRules(p: Palette, { language, facilities = true }: Looks): LabelRule[] {
  const name = nameOf(language), full = nameOf(language, true);
  const road = (size: (z: number) => number, weight: number, colour: string) => new LineName(full, { size, weight, colour, halo: p.halo });
  return [
    { dataLayer: "places", maxzoom: 18, sort: rank, filter: inItsZooms, symbolizer: new PointName(full, { size: (z, f) => (Number(f.props["rank"] ?? 9) <= 3 ? (z < 12 ? 14 : 15.5) : Number(f.props["rank"] ?? 9) <= 5 ? (z < 12 ? 11.5 : 13) : z > 14 ? 13 : 12), weight: (_, f) => (Number(f.props["rank"] ?? 9) <= 5 ? 600 : 500), colour: p.label, halo: p.halo }, { wide: 20 }) },
    ...[...ROADS].reverse().filter((one) => one.names).map(({ kinds, names, colour }): LabelRule => ({ dataLayer: "roads", minzoom: Number(names), filter: is(...kinds), symbolizer: road((z) => (z < 14 ? 10.5 : z < 16 ? 11 : z < 18 ? 12 : 13.5), colour === "road" ? 400 : 500, p.label) })),
    { dataLayer: "water", minzoom: 13, filter: (_, f) => f.geomType === 2, symbolizer: new LineName(name, { size: () => 11, colour: p.water_label, halo: p.halo, italic: true }, 400) },
    { dataLayer: "points", minzoom: 15, sort: rank, filter: (z, f) => facilities && Boolean(f.props["facility"]) && fromFar(z, f), symbolizer: new PointName(name, { size: () => 11, colour: p.quiet, halo: p.halo }, { icon: (f) => pictogram(String(f.props["icon"]), p.facility, p.halo), textFrom: 16 }) },
    { dataLayer: "points", minzoom: 16, sort: rank, filter: (z, f) => !f.props["facility"] && kind(f) !== "entrance" && Number(f.props["min_zoom"] ?? 16) < z, symbolizer: new PointName(name, { size: () => 11, colour: (f) => (["park", "garden", "wood", "cemetery"].includes(kind(f)) ? p.green_label : ["water", "lake", "bay"].includes(kind(f)) ? p.water_label : p.quiet), halo: p.halo }) },
    { dataLayer: "roads", minzoom: 17, filter: is("service", ...drawn.paths.kinds), symbolizer: road(() => 11, 400, p.quiet) },
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

export interface Base {
  layer: L.GridLayer;
  restyle(looks: Looks): void;
  /** Cells alone, above a background that is not ours; null takes them away. */
  cellsOver(map: L.Map | null): void;
}

/** The base layer of a district. `restyle` changes what is shown and how; nothing is fetched again. Only staff may ask for `withCells`. */
export function baseLayer(district: number, bounds: L.LatLngBounds, looks: Looks, withCells: boolean): Base {
  const source = (name: string) => ({ url: `/api/tiles/${district}/${name}/{z}/{x}/{y}.mvt`, maxDataZoom: DEEPEST });
  const made = (sources: Record<string, { url: string; maxDataZoom: number }>, more: object) => leafletLayer({ sources, bounds: bounds.pad(0.5), noWrap: true, attribution: "", ...more }) as unknown as Repaintable;
  const layer = made({ "": source("base"), ...(withCells ? { cells: source("cells") } : {}) }, { tasks: [pictogramsReady()] });
  const over = withCells ? made({ cells: source("cells") }, { pane: "cells", backgroundColor: "transparent" }) : null;
  let now = looks;
  const dress = (next: Looks) => {
    now = next;
    const p = paletteOf(next.theme), names = labelRules(p, next), cells = withCells && next.cells;
    layer.paintRules = cells ? [...paintRules(p), cellLines(p)] : paintRules(p);
    const points = names.findIndex((rule) => rule.dataLayer === "points");
    layer.labelRules = cells ? [...names.slice(0, points), cellCodes(p), ...names.slice(points)] : names;
    layer.backgroundColor = p.ground;
    layer.clearLayout();
    layer.labelers.maxLabeledTiles = LABELLED_TILES;
    if (over) {
      over.paintRules = [cellLines(p)];
      over.labelRules = [cellCodes(p)];
      over.clearLayout();
      over.labelers.maxLabeledTiles = LABELLED_TILES;
    }
  };
  const cellsOver = (map: L.Map | null) => {
    if (!map || !now.cells) { over?.remove(); return; }
    if (!map.getPane("cells")) {
      const pane = map.createPane("cells");
      pane.style.zIndex = "260"; // above pictures (200), below what is drawn (300 and more)
      pane.style.pointerEvents = "none";
    }
    over?.addTo(map);
  };
  dress(looks);
  return { layer, restyle: (next) => { dress(next); layer.redraw(); if (over && (over as unknown as { _map?: L.Map })._map) over.redraw(); }, cellsOver };
}
