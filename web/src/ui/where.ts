/** Pages beside the one that is open, for those who may go there. */
import type { Role } from "../api/types";

export interface Way { to: string; name: "desk" | "plan" | "grid" | "imports" | "layers" | "weights" }

const WATCHERS: readonly Role[] = ["dispatcher", "supervisor", "planner", "administrator"];
const WAYS: readonly (Way & { roles: readonly Role[] })[] = [
  { to: "/desk", name: "desk", roles: ["dispatcher", "supervisor", "administrator"] },
  { to: "/plan", name: "plan", roles: WATCHERS },
  { to: "/grid", name: "grid", roles: ["planner", "supervisor", "administrator"] },
  { to: "/imports", name: "imports", roles: ["planner", "administrator"] },
  { to: "/layers", name: "layers", roles: WATCHERS },
  { to: "/weights", name: "weights", roles: WATCHERS },
];

export const waysFor = (roles: ReadonlySet<Role>): Way[] => WAYS.filter((way) => way.roles.some((role) => roles.has(role)));
export const mayGo = (name: Way["name"], roles: ReadonlySet<Role>): boolean => waysFor(roles).some((way) => way.name === name);
