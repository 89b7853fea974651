/** What a case looks like, as data: shape by priority, inside by state. Pure, so that list, map and legend agree. */
import type { Assignment, Incident, Priority } from "../api/types";

export type Shape = "diamond" | "triangle" | "disc" | "small";
export type Inside = "filled" | "half" | "arrow" | "dot" | "ring" | "tick";

export interface Sign {
  shape: Shape;
  inside: Inside;
  priority: Priority;
  /** a deadline has passed */
  late: boolean;
  /** arrived within the last minute and nobody has it: a slow halo */
  fresh: boolean;
  /** done: drawn pale */
  faded: boolean;
}

const SHAPES: Record<Priority, Shape> = { 1: "diamond", 2: "triangle", 3: "disc", 4: "small" };
const FRESH_MS = 60_000;

export const shapeOf = (priority: Priority): Shape => SHAPES[priority];

/** The inside says the state. `work` is what is live on the case, whoever is furthest along first. */
export function insideOf(incident: Incident, work: Assignment | undefined): Inside {
  switch (incident.stage) {
    case "fed_back": return "ring";
    case "closed": case "evaluated": case "rejected": return "tick";
    default: break;
  }
  switch (work?.state) {
    case "on_scene": return "dot";
    case "en_route": case "accepted": return "arrow";
    case "offered": return "half";
    default: return incident.stage === "handling" ? "arrow" : incident.stage === "dispatched" ? "half" : "filled";
  }
}

export function signOf(incident: Incident, work: Assignment | undefined, late: boolean, now: number): Sign {
  const inside = insideOf(incident, work);
  return {
    shape: shapeOf(incident.priority), inside, priority: incident.priority, late, faded: inside === "tick",
    fresh: inside === "filled" && now - Date.parse(incident.reported_at) < FRESH_MS,
  };
}
