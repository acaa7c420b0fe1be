import type { Row } from "../api/types.ts";
import { Signal } from "../ui/signal.ts";
import type { ServerFrame } from "./frame.ts";

/** What waits for the person's eyes: conversations of his own with unread messages, and those where a note asks for him. */
export class Unread {
  readonly count = new Signal(0);
  readonly seen: Signal<Record<string, number>>; // thread → up to which mention this browser has shown it
  private readonly waiting = new Set<string>();
  private readonly me: string;
  private readonly memory: Memory;

  constructor(me: string, memory: Memory) {
    this.me = me;
    this.memory = memory;
    this.seen = new Signal(read(memory));
  }

  /** The sequence of a note that asks for the person and was not looked at; 0 without one. */
  asked(row: Row | undefined): number {
    const sequence = row?.mentions?.[this.me] ?? 0;
    return sequence > (this.seen.value[row?.id ?? ""] ?? 0) ? sequence : 0;
  }

  /** Takes rows of a list that was read. */
  take(rows: readonly Row[]): void {
    for (const row of rows) this.weigh(row);
    this.count.set(this.waiting.size);
  }

  hear(frame: ServerFrame): void {
    if (frame.type === "row") this.take([frame.thread]);
    else if (frame.type === "removed" && this.waiting.delete(frame.id)) this.count.set(this.waiting.size);
  }

  /** The person looks at a thread. */
  look(row: Row): void {
    const sequence = this.asked(row);
    if (sequence === 0) return;
    const newest = Object.entries({ ...this.seen.value, [row.id]: sequence }).slice(-kept);
    this.seen.set(Object.fromEntries(newest));
    try {
      this.memory.setItem(key, JSON.stringify(this.seen.value));
    } catch {
      // A browser without storage shows the mark again after a reload; nothing else depends on it.
    }
    this.take([row]);
  }

  private weigh(row: Row): void {
    const mine = row.status === "open" && row.owner.agent?.agent_id === this.me && row.unread > 0;
    if (mine || this.asked(row) > 0) this.waiting.add(row.id);
    else this.waiting.delete(row.id);
  }
}

type Memory = Pick<Storage, "getItem" | "setItem">;

const key = "parley.desk.mentions";
const kept = 200;

function read(memory: Memory): Record<string, number> {
  try {
    return JSON.parse(memory.getItem(key) ?? "{}") as Record<string, number>;
  } catch {
    return {};
  }
}
