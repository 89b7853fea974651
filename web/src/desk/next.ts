/** What a dispatcher does next with a case: one thing first, the rest behind it. Pure. */
import type { Deed, DeedName, IncidentDetail, Purpose } from "../api/types";
import { isLive } from "./state";

export type Next =
  | { kind: "assign"; purpose: Purpose }
  | { kind: "deed"; deed: DeedName }
  | { kind: "wait"; text: "offered" | "under_way" | "verifying" | "checking" }
  | { kind: "none"; text: "closed" | "rejected" | "no_permission" };

const has = (deeds: readonly Deed[], name: DeedName): boolean => deeds.some((d) => d.deed === name);

/** The purpose somebody would be sent for at this stage. */
export function purposeOf(detail: IncidentDetail): Purpose {
  if (detail.incident.stage === "collected") return "check";
  return detail.incident.stage === "fed_back" ? "verify" : "handle";
}

export function nextOf(detail: IncidentDetail): Next {
  const { incident, deeds } = detail;
  const live = detail.assignments.find(isLive);
  switch (incident.stage) {
    case "collected":
      if (live) return { kind: "wait", text: "checking" };
      return has(deeds, "confirm") ? { kind: "deed", deed: "confirm" } : assignOr(deeds, "check");
    case "filed": return assignOr(deeds, "handle");
    case "dispatched": return { kind: "wait", text: "offered" };
    case "handling": return { kind: "wait", text: "under_way" };
    case "fed_back":
      if (live) return { kind: "wait", text: "verifying" };
      return has(deeds, "close") ? { kind: "deed", deed: "close" } : assignOr(deeds, "verify");
    case "rejected": return { kind: "none", text: "rejected" };
    default: return { kind: "none", text: "closed" };
  }
}

function assignOr(deeds: readonly Deed[], purpose: Purpose): Next {
  return has(deeds, "assign") || deeds.length ? { kind: "assign", purpose } : { kind: "none", text: "no_permission" };
}

/** The deeds behind the first one, in the order in which a desk uses them. */
const ORDER: DeedName[] = ["confirm", "close", "withdraw", "return", "note", "relocate", "reclassify", "evaluate", "reopen", "reject"];

export function otherDeeds(detail: IncidentDetail, next: Next): Deed[] {
  const first = next.kind === "deed" ? next.deed : null;
  return detail.deeds.filter((d) => d.deed !== first && ORDER.includes(d.deed)).sort((a, b) => ORDER.indexOf(a.deed) - ORDER.indexOf(b.deed));
}
