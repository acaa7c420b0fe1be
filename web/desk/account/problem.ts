import { ApiError } from "../api/request.ts";
import { isWord, type Words } from "../words/words.tsx";

/** What a person reads when a request fails: our words for its code, else the server's. */
export function explain(error: unknown, t: Words): string {
  if (!(error instanceof ApiError)) return t("error_internal");
  const key = `error_${error.code}`;
  if (error.code === "conflict" && error.owner) {
    const { kind, agent } = error.owner;
    return kind === "agent" ? t("error_taken", { name: agent?.agent_name ?? "" }) : t(kind === "queue" ? "error_taken_queue" : "error_taken_bot");
  }
  if (error.code === "locked" && error.retryAfter) return t("error_locked_for", { n: Math.ceil(error.retryAfter / 60) });
  return isWord(key) ? t(key) : error.message;
}
