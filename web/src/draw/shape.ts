/** Drawing as a form goes through it: begun, whole or not, left again. */
import { computed, ref, type ComputedRef, type Ref } from "vue";
import type { DrawnShape } from "../api/roads";
import { useBoard, type Board } from "./board";
import { crossing, geometryOf } from "./draft";

export interface Drawing {
  /** whether the form that draws is open */
  readonly drawing: Ref<boolean>;
  /** what has been drawn; null while corners are missing or edges cross */
  readonly shape: ComputedRef<DrawnShape | null>;
  /** Escape leaves an empty drawing; what was drawn is thrown away by its own button alone. True where there was one to leave. */
  cancel(): boolean;
}

export function useDrawing(board: Board = useBoard()): Drawing {
  const drawing = ref(false);
  const shape = computed(() => (board.draft.value && !crossing(board.draft.value) ? geometryOf(board.draft.value) : null));
  function cancel(): boolean {
    const on = drawing.value;
    if (!board.draft.value?.points.length) drawing.value = false;
    return on;
  }
  return { drawing, shape, cancel };
}
