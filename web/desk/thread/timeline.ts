import type { DeskEvent, Marks } from "../api/types.ts";
import { startOfDay } from "../../shared/moment.ts";
import { isVisible } from "../../shared/reply.tsx";

/** A message or note that is on its way to the server. */
export interface Outgoing {
  id: string; // client_message_id
  kind: "message" | "note";
  at: number;
  text: string;
  files: { file_id: string; name: string }[];
  mentions: string[];
  state: "sending" | "waiting" | "sent" | "failed"; // waiting: for the connection; sent: its event is on the way
  sequence?: number; // of its event, once sent
  error?: unknown; // why it failed
}

export type Line =
  | { kind: "day"; key: string; at: number }
  | { kind: "message"; key: string; event: DeskEvent; follows: boolean; receipt?: Receipt; thumb?: number }
  | { kind: "system"; key: string; event: DeskEvent }
  | { kind: "outgoing"; key: string; outgoing: Outgoing };

export type Receipt = "sent" | "delivered" | "read";

/** Events that tell the reader of a thread nothing. */
const silent = new Set(["session:context:updated", "session:expiring", "turn:analytics", "message:read", "message:delivered", "message:rated", "dialog:expired", "conversation:member_leave"]);

/** Messages of one author within this time stand together. */
const together = 4 * 60_000;

/** What is drawn of a thread, in order. Total over every event there is: an unknown kind becomes a system line. */
export function timeline(events: readonly DeskEvent[], outgoing: readonly Outgoing[], marks: Marks | undefined): Line[] {
  const lines: Line[] = [];
  const thumbs = new Map<string, number>();
  for (const event of events) {
    const rated = event.kind === "message:rated" && event.body;
    if (rated && typeof rated.message_id === "string") thumbs.set(rated.message_id, Number(rated.rating ?? rated.thumb ?? 0));
  }
  let day = -1;
  let before: DeskEvent | null = null;
  for (const event of events) {
    if (silent.has(event.kind) || isEmpty(event)) continue;
    const today = startOfDay(event.at);
    if (today !== day) {
      lines.push({ kind: "day", key: `day-${today}`, at: event.at });
      before = null;
    }
    day = today;
    const key = `${event.sequence}`;
    if (!isMessage(event)) {
      lines.push({ kind: "system", key, event });
      before = null;
      continue;
    }
    const follows = before !== null && sameAuthor(before, event) && event.at - before.at < together;
    const line: Line = { kind: "message", key, event, follows };
    if (event.author === "agent" && marks) line.receipt = event.sequence <= marks.read ? "read" : event.sequence <= marks.delivered ? "delivered" : "sent";
    const thumb = event.message_id && thumbs.get(event.message_id);
    if (thumb) line.thumb = thumb;
    lines.push(line);
    before = event;
  }
  const there = new Set(events.map((event) => event.client_message_id).filter(Boolean));
  const last = events.at(-1)?.sequence ?? -1;
  for (const one of outgoing) if (!there.has(one.id) && !(one.sequence && one.sequence <= last)) lines.push({ kind: "outgoing", key: one.id, outgoing: one });
  return lines;
}

export function isMessage(event: DeskEvent): boolean {
  return event.author !== "system" && !event.trigger;
}

function isEmpty(event: DeskEvent): boolean {
  return event.author === "bot" && !(event.responses ?? []).some(isVisible);
}

function sameAuthor(a: DeskEvent, b: DeskEvent): boolean {
  return a.author === b.author && a.agent?.agent_id === b.agent?.agent_id && a.suppressed === b.suppressed && a.session_id === b.session_id;
}

/** Adds events to those that are there: by sequence, each once. Returns the same array when nothing is new. */
export function mergeEvents(known: readonly DeskEvent[], news: readonly DeskEvent[]): readonly DeskEvent[] {
  const last = known.at(-1)?.sequence ?? -1;
  if (news.every((event, i) => event.sequence > (i ? news[i - 1]!.sequence : last))) return news.length ? [...known, ...news] : known;
  const bySequence = new Map(known.map((event) => [event.sequence, event]));
  const size = bySequence.size;
  for (const event of news) if (!bySequence.has(event.sequence)) bySequence.set(event.sequence, event);
  return bySequence.size === size ? known : [...bySequence.values()].sort((a, b) => a.sequence - b.sequence);
}

/** How receipts move the marks: they cover everything up to the newest message they name, and never go back. */
export function moveMarks(marks: Marks, event: DeskEvent, events: readonly DeskEvent[]): Marks {
  if (event.kind !== "message:read" && event.kind !== "message:delivered") return marks;
  const named = new Set(Array.isArray(event.body?.message_ids) ? event.body.message_ids : []);
  const upTo = events.reduce((most, one) => (one.message_id && named.has(one.message_id) ? Math.max(most, one.sequence) : most), 0);
  if (event.agent) return { ...marks, seen: Math.max(marks.seen, upTo) };
  if (event.kind === "message:delivered") return { ...marks, delivered: Math.max(marks.delivered, upTo) };
  return { ...marks, delivered: Math.max(marks.delivered, upTo), read: Math.max(marks.read, upTo) };
}
