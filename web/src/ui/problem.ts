/** Any failure as a sentence for the person in front of the page. */
import { ApiError, Unreachable } from "../api/errors";
import { i18n } from "./language";

export function sentence(error: unknown): string {
  if (error instanceof ApiError) return error.help ? `${error.message} ${error.help}` : error.message;
  if (error instanceof Unreachable) return i18n.global.t("common.unreachable");
  return i18n.global.t("common.went_wrong");
}
