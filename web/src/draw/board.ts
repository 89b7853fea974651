/** A map that somebody may draw on: who waits for a place, what is being drawn, and what corners hold on to. */
import { inject, shallowRef, type ComputedRef, type InjectionKey, type ShallowRef } from "vue";
import type { DistrictBrief, Point } from "../api/types";
import type { Ground } from "../map/ground";
import type { Draft } from "./draft";

export interface Board {
  readonly district: ComputedRef<DistrictBrief>;
  readonly ground: ShallowRef<Ground | null>;
  /** set while a form waits for a place: the next click on the map goes there */
  readonly asking: ShallowRef<((point: Point) => void) | null>;
  /** the shape that is being drawn, shown on the map; corners are added through `asking` */
  readonly draft: ShallowRef<Draft | null>;
  /** where a corner goes that was set near something it ought to hold on to; null: where it was set */
  readonly snap: ShallowRef<((point: Point) => Point) | null>;
}

export const boardKey: InjectionKey<Board> = Symbol("board");

export const newBoard = (district: ComputedRef<DistrictBrief>): Board =>
  ({ district, ground: shallowRef(null), asking: shallowRef(null), draft: shallowRef(null), snap: shallowRef(null) });

export function useBoard(): Board {
  const board = inject(boardKey);
  if (!board) throw new Error("no map to draw on above this form");
  return board;
}
