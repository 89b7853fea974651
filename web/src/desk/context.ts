/** What every panel of the desk may ask for, given down from the page. */
import { inject, type ComputedRef, type InjectionKey, type Ref, type ShallowRef } from "vue";
import type { FacilityKind, IncidentClass, Skill } from "../api/types";
import type { ClosedShape } from "../api/roads";
import type { Board } from "../draw/board";
import { language, nameIn } from "../ui/language";
import type { Route } from "../map/routes";
import type { Planning } from "../replan/planning";
import type { Closures } from "../roads/closures";
import type { LiveDesk } from "./live";
import type { Desk } from "./state";

export type Selection = { kind: "incident" | "responder" | "cell"; id: number };

/** What stands at the right without anything being selected. */
export type Tool = "roads" | "plans" | "what-if";
export const TOOLS: readonly Tool[] = ["roads", "plans", "what-if"];

export interface DeskContext extends Board {
  readonly live: LiveDesk;
  /** the desk that is shown: now, or a moment of the past */
  readonly shown: ComputedRef<Desk | null>;
  readonly classes: Ref<ReadonlyMap<string, IncidentClass>>;
  readonly skills: Ref<readonly Skill[]>;
  readonly facilityKinds: Ref<readonly FacilityKind[]>;
  readonly routes: ShallowRef<readonly Route[]>;
  readonly outline: ShallowRef<GeoJSON.GeoJsonObject | null>;
  readonly closures: Closures;
  readonly planning: Planning;
  /** lines that an open panel shows beside the ways: to candidates, to where somebody might wait */
  readonly lines: ShallowRef<readonly Route[]>;
  /** the closure whose details are open */
  readonly closure: Ref<number | null>;
  /** shapes of a what-if: closed for the question's sake only */
  readonly supposed: ShallowRef<readonly ClosedShape[]>;
  select(selection: Selection | null): void;
  open(tool: Tool | null, more?: Record<string, string>): void;
}

export const deskKey: InjectionKey<DeskContext> = Symbol("desk");

export function useDesk(): DeskContext {
  const context = inject(deskKey);
  if (!context) throw new Error("no desk above this panel");
  return context;
}

/** The name of a class in the language of the page. */
export function className(context: DeskContext, code: string, otherwise = ""): string {
  return nameIn(context.classes.value.get(code)?.names, language.value, otherwise || code);
}

export function skillName(context: DeskContext, code: string): string {
  return nameIn(context.skills.value.find((skill) => skill.code === code)?.names, language.value, code);
}

export { shortCell } from "../ui/formats";
