import type { Language } from "../../shared/language.ts";
import { fullMoment } from "../../shared/moment.ts";
import type { DeskEvent } from "../api/types.ts";
import { isWord, type Words } from "../words/words.tsx";

/** The sentence of a system line. A kind without one shows its name, so that nothing is hidden. */
export function describe(event: DeskEvent, t: Words, language: Language, departments: { id: string; name: string }[]): string {
  const body = event.body ?? {};
  const text = (field: string) => (typeof body[field] === "string" ? body[field] : "");
  const name = event.agent?.agent_name ?? "";
  if (event.trigger) return t("opened_chat");
  switch (event.kind) {
    case "conversation:handover": {
      const status = text("status");
      const key = `handover_${status}`;
      return [t("handover"), departmentName(text("department"), departments), isWord(`reason_${text("reason")}`) ? t(`reason_${text("reason")}` as "reason_requested") : text("reason"), isWord(key) ? t(key) : ""].filter(Boolean).join(" · ");
    }
    case "conversation:transferred":
      return t("transferred", { name: nameOf(body.by), to: nameOf(body.agent) || departmentName(text("department"), departments) || t("general_queue") });
    case "conversation:returned":
      return text("state") ? t("returned_to", { name, state: text("state") }) : t("returned", { name });
    case "conversation:snoozed":
      return typeof body.until === "number" && body.until > 0 ? t("snoozed_until", { name, at: fullMoment(body.until, language) }) : t("snoozed_reply", { name });
    case "conversation:member_join":
      return t("joined", { name });
    case "conversation:closed":
      return name ? t("resolved_by", { name }) : t("resolved_line");
    case "conversation:reopened":
      return name ? t("reopened_by", { name }) : t("reopened_line");
    case "conversation:rated":
      return t("rated", { score: String(body.rating ?? body.score ?? ""), feedback: text("feedback") });
    case "session:closed":
      return t("session_closed", { reason: text("reason") });
    case "turn:failed":
      return t("turn_failed", { reason: text("message") || text("error") || text("code") });
    default: {
      const key = `event_${event.kind}`;
      return isWord(key) ? t(key) : event.kind;
    }
  }
}

function nameOf(agent: unknown): string {
  const name = typeof agent === "object" && agent !== null ? (agent as { agent_name?: unknown }).agent_name : undefined;
  return typeof name === "string" ? name : "";
}

/** A bot may name a department by its id or its name. */
export function departmentName(named: string, departments: { id: string; name: string }[]): string {
  return departments.find((one) => one.id === named)?.name ?? named;
}
