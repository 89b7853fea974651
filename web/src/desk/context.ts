/** What every panel of the desk may ask for, given down from the page. */
import { inject, type ComputedRef, type InjectionKey, type Ref, type ShallowRef } from "vue";
import type { DistrictBrief, FacilityKind, IncidentClass, Point, Skill } from "../api/types";
import { language, nameIn } from "../ui/language";
import type { Ground } from "../map/ground";
import type { Route } from "../map/routes";
import type { LiveDesk } from "./live";
import type { Desk } from "./state";

export type Selection = { kind: "incident" | "responder" | "cell"; id: number };

export interface DeskContext {
  readonly district: ComputedRef<DistrictBrief>;
  readonly live: LiveDesk;
  /** the desk that is shown: now, or a moment of the past */
  readonly shown: ComputedRef<Desk | null>;
  readonly classes: Ref<ReadonlyMap<string, IncidentClass>>;
  readonly skills: Ref<readonly Skill[]>;
  readonly facilityKinds: Ref<readonly FacilityKind[]>;
  readonly ground: ShallowRef<Ground | null>;
  readonly routes: ShallowRef<readonly Route[]>;
  readonly outline: ShallowRef<GeoJSON.GeoJsonObject | null>;
  /** set while a form waits for a place: the next click on the map goes there */
  readonly asking: ShallowRef<((point: Point) => void) | null>;
  select(selection: Selection | null): void;
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
