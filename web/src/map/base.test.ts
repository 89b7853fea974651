import { expect, test } from "vitest";
import { labelRules, nameOf, paintRules } from "./base";
import { paletteOf, ROUTE_COLOURS, routeColour, VIRIDIS } from "./palette";

const feature = (layer: string, kind: string, more: Record<string, string | number | boolean> = {}) => ({ props: { kind, ...more }, geomType: layer === "land" ? 3 : 2 }) as never;
const LAND = "earth residential commercial industrial retail forest grass farmland scrub park garden pitch playground sports_centre golf_course nature_reserve allotments cemetery school hospital parking pedestrian railway construction quarry landfill brownfield military wetland glacier beach sand rock pier bridge aeroway platform road_area".split(" ");
const ROADS = "motorway trunk primary secondary tertiary minor living_street pedestrian service track cycleway path steps rail siding subway tram funicular aerialway ferry pier".split(" ");

test.each([["land", LAND], ["roads", ROADS]] as const)("every kind of %s that the server cuts is painted", (layer, kinds) => {
  const rules = paintRules(paletteOf("light")).filter((rule) => rule.dataLayer === layer);
  const bare = kinds.filter((kind) => !rules.some((rule) => rule.filter?.(18, feature(layer, kind))));
  expect(bare).toEqual([]);
});

test("house numbers appear at zoom 18 and entrances at 19", () => {
  const rules = labelRules(paletteOf("dark"), { theme: "dark", language: "en" });
  expect(rules.find((rule) => rule.dataLayer === "doors")?.minzoom).toBe(18);
  expect(rules.find((rule) => rule.dataLayer === "points" && rule.filter?.(19, feature("points", "entrance")))?.minzoom).toBe(19);
});

test("facilities can be switched off and leave other points alone", () => {
  const shown = (facilities: boolean) => labelRules(paletteOf("light"), { theme: "light", language: "en", facilities }).filter((rule) => rule.dataLayer === "points").filter((rule) => rule.filter?.(17, feature("points", "hospital", { facility: true, rank: 3 })));
  expect(shown(true)).toHaveLength(1);
  expect(shown(false)).toHaveLength(0);
});

test("a name is in the chosen language with the local name behind it", () => {
  const f = feature("roads", "minor", { name: "Mikonkatu", "name:zh": "米孔街", "name:en": "Mikonkatu" });
  expect(nameOf("zh-Hans", true)(16, f)).toBe("米孔街 Mikonkatu");
  expect(nameOf("zh-Hant")(16, f)).toBe("米孔街");
  expect(nameOf("en", true)(16, f)).toBe("Mikonkatu");
});

test("day and night know the same colours, and there are eight for routes and five for measures", () => {
  expect(Object.keys(paletteOf("dark"))).toEqual(Object.keys(paletteOf("light")));
  expect([new Set(ROUTE_COLOURS).size, VIRIDIS.length]).toEqual([8, 5]);
  expect(routeColour(3)).toBe(routeColour(11));
});
