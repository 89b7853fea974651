/** The sign of a closed road: no entry, with what is special about it drawn inside. One drawing for map and list. */
export type Face = "live" | "coming" | "pending" | "trouble";

const NS = "http://www.w3.org/2000/svg";
const RED = "#c81e3a";
/** live: bar; coming: hands of a clock; pending: three dots; trouble: an exclamation mark in a triangle */
const INSIDES: Record<Face, string> = {
  live: "M6 10.200h12v3.600H6z",
  coming: "M11 5.500h2v6l4.200 2.500-1 1.700-5.200-3.100z",
  pending: "M5.500 10.500h3v3h-3zM10.500 10.500h3v3h-3zM15.500 10.500h3v3h-3z",
  trouble: "M10.800 8.500h2.400l-.3 6h-1.800zM10.900 16h2.200v2.200h-2.200z",
};

function part(name: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export function barrier(face: Face, size: number): SVGSVGElement {
  const svg = part("svg", { viewBox: "0 0 24 24", width: String(size), height: String(size), "aria-hidden": "true" }) as SVGSVGElement;
  const hollow = face === "coming" || face === "pending";
  const paint = { fill: hollow ? "#ffffff" : RED, stroke: hollow ? RED : "#ffffff", "stroke-width": hollow ? "2.400" : "1.600" };
  svg.append(face === "trouble" ? part("path", { ...paint, d: "M12 2 23 21H1z", "stroke-linejoin": "round" }) : part("circle", { ...paint, cx: "12", cy: "12", r: "10.400" }));
  svg.append(part("path", { d: INSIDES[face], fill: hollow ? RED : "#ffffff" }));
  return svg;
}
