import type { Response } from "../../shared/reply.tsx";
import type { MessageRecord, Payload, WireAttachment, WireInput } from "./wire.ts";

export type Author = "user" | "bot" | "agent";
export type Progress = "uploading" | "sending" | "sent" | "delivered" | "read" | "failed";

export interface Said {
  kind: "said";
  key: string;
  era?: number;
  author: Author;
  at: number;
  sequence?: number;
  messageId?: string;
  clientId?: string;
  text: string;
  attachments: WireAttachment[];
  responses: Response[];
  /** How many responses are shown; a pause holds back the rest (moveo e). */
  shown: number;
  agent?: string;
  progress?: Progress;
  problem?: string;
  thumb?: number;
  /** The welcome trigger is sent, not said. */
  hidden?: boolean;
}

export type NoteName = "queued" | "position" | "no_agents" | "outside_hours" | "joined" | "left" | "closed" | "reopened" | "returned" | "ended" | "renewed" | "expiring";

/** Those that tell where a conversation waits. */
const waits: NoteName[] = ["queued", "position", "no_agents", "outside_hours"];

export interface Note {
  kind: "note";
  key: string;
  era?: number;
  at: number;
  sequence?: number;
  name: NoteName;
  args: Record<string, string | number>;
}

export type Item = Said | Note;

/** What was said and what happened, in the order of the chain's sequence; what has none yet stands at the end. */
export class Log {
  items: Item[] = [];
  private serial = 0;
  private era = 0; // of the chain: each counts its sequences from 1

  nextKey(): string {
    return `i${++this.serial}`;
  }

  byClientId(id: string | undefined): Said | undefined {
    return id === undefined ? undefined : this.said((s) => s.clientId === id);
  }

  byMessageId(id: string | undefined): Said | undefined {
    return id === undefined ? undefined : this.said((s) => s.messageId === id);
  }

  said(match: (s: Said) => boolean): Said | undefined {
    return this.items.find((i): i is Said => i.kind === "said" && match(i));
  }

  /** The newest message of an agent in this chain, up to a sequence. */
  ofAgents(upTo = Infinity): Said | undefined {
    return this.items.findLast((i): i is Said => i.kind === "said" && i.author === "agent" && i.era === this.era && (i.sequence ?? Infinity) <= upTo);
  }

  /** Another chain begins. What it has still to send stands in it. */
  startEra(pending: string[]): void {
    this.era++;
    for (const i of this.items) if (i.kind === "said" && pending.includes(i.clientId ?? "")) i.era = this.era;
    this.sort();
  }

  put(item: Item): void {
    item.era ??= this.era;
    this.items.push(item);
    this.sort();
  }

  note(name: NoteName, args: Note["args"], at: number, sequence?: number): void {
    if (sequence !== undefined && this.items.some((i) => i.kind === "note" && i.sequence === sequence && i.era === this.era)) return;
    this.put({ kind: "note", key: this.nextKey(), at, sequence, name, args });
  }

  /** Says anew where the conversation waits, in the line that said it last. */
  place(name: NoteName, args: Note["args"]): void {
    const last = this.items.findLast((i): i is Note => i.kind === "note" && i.name !== "expiring");
    if (last && waits.includes(last.name)) Object.assign(last, { name, args });
    else this.note(name, args, Date.now());
  }

  /** The own message that an event or a record is about, or a new item. A message is never there twice. */
  take(author: Author, from: Payload | MessageRecord, input: WireInput, responses: Response[], hidden: boolean): { item: Said; fresh: boolean } {
    const known = this.byMessageId(from.message_id) ?? (author === "user" ? this.byClientId(from.client_message_id) : undefined);
    const item: Said = known ?? {
      kind: "said", key: this.nextKey(), author, at: from.timestamp ?? Date.now(), text: input.text ?? "",
      attachments: input.attachments ?? [], responses, shown: responses.length, hidden, clientId: from.client_message_id,
    };
    item.messageId = from.message_id;
    item.sequence = from.sequence ?? item.sequence;
    if (author === "user" && (item.progress === undefined || item.progress === "sending")) item.progress = "sent";
    if (known) this.sort();
    else this.put(item);
    return { item, fresh: known === undefined };
  }

  sort(): void {
    const era = 1e12;
    let before = 0;
    // A note without a sequence stays behind what it came after. The sort is stable.
    const placed = this.items.map((item) => {
      const start = (item.era ?? 0) * era;
      const at = item.kind === "note" && item.sequence === undefined ? Math.max(before, start) : start + (item.sequence ?? era - 1);
      if (item.sequence !== undefined) before = at;
      return { item, at };
    });
    this.items = placed.sort((a, b) => a.at - b.at).map((p) => p.item);
  }
}
