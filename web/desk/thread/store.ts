import { ApiError } from "../api/request.ts";
import { threads } from "../api/desk.ts";
import type { DeskEvent, Marks, PublicAgent, Row, ThreadDetail } from "../api/types.ts";
import type { PageFrame, ServerFrame } from "../live/frame.ts";
import { Signal } from "../ui/signal.ts";
import { mergeEvents, moveMarks, type Outgoing } from "./timeline.ts";

export interface ThreadView {
  phase: "loading" | "ready" | "missing" | "failed";
  row: Row | null;
  detail: ThreadDetail | null;
  events: readonly DeskEvent[];
  older: boolean; // there may be events before the first
  loadingOlder: boolean;
  outgoing: readonly Outgoing[];
  marks: Marks | undefined;
  viewing: PublicAgent[];
  typing: { author: "user" | "agent"; name?: string; text?: string }[];
}

const page = 100;
/** Without a new start a typing mark goes after this time. */
const typingTime = 8_000;

/** One open thread: its newest events, what is on its way, who is there. */
export class ThreadStore {
  readonly id: string;
  readonly view: Signal<ThreadView>;
  private last = -1; // the newest sequence that this page has
  private readonly send: (frame: PageFrame) => boolean;
  private readonly changed: (row: Row) => void;
  private typists = new Map<string, number>();
  private refresh = 0;
  private sending = false;

  /** changed hears of rows that actions answer with. */
  constructor(id: string, send: (frame: PageFrame) => boolean, changed: (row: Row) => void) {
    this.id = id;
    this.send = send;
    this.changed = changed;
    this.view = new Signal<ThreadView>({
      phase: "loading", row: null, detail: null, events: [], older: false, loadingOlder: false, outgoing: [], marks: undefined, viewing: [], typing: [],
    });
  }

  private put(part: Partial<ThreadView>): void {
    this.view.set({ ...this.view.value, ...part });
  }

  /** Reads the thread and follows it; a thread that was open before goes on from where it was. */
  async open(): Promise<void> {
    if (this.last >= 0) {
      this.follow();
      void this.look();
      return;
    }
    try {
      const [detail, events] = await Promise.all([threads.show(this.id), threads.events(this.id, { limit: page })]);
      this.last = Math.max(events.last ?? 0, events.events.at(-1)?.sequence ?? 0);
      this.put({
        phase: "ready", detail, row: detail.thread, marks: events.marks, events: mergeEvents([], events.events), // the detail may be older than the events
        older: events.events.length >= page,
      });
      this.follow();
    } catch (error) {
      this.put({ phase: error instanceof ApiError && error.status === 404 ? "missing" : "failed" });
    }
  }

  /** Asks for everything after what is here; called after every hello of the connection, too. */
  follow(): void {
    if (this.last < 0) {
      if (this.view.value.phase === "failed") void this.open();
      return;
    }
    this.send({ type: "open", thread: this.id, after: this.last });
    void this.flush();
  }

  shut(): void {
    this.send({ type: "shut", thread: this.id });
    this.put({ viewing: [], typing: [] });
  }

  async older(): Promise<void> {
    const { events, older, loadingOlder } = this.view.value;
    const first = events[0];
    if (!older || loadingOlder || !first) return;
    this.put({ loadingOlder: true });
    try {
      const found = await threads.events(this.id, { before: first.sequence, limit: page });
      this.put({ events: mergeEvents(this.view.value.events, found.events), older: found.events.length >= page, loadingOlder: false });
    } catch {
      this.put({ loadingOlder: false });
    }
  }

  hear(frame: ServerFrame): void {
    if (frame.type === "event" && frame.thread === this.id) this.take(frame.event);
    else if (frame.type === "row" && frame.thread.id === this.id) this.setRow(frame.thread);
    else if (frame.type === "viewing" && frame.thread === this.id) this.put({ viewing: frame.agents });
    else if (frame.type === "typing" && frame.thread === this.id) this.setTyping(frame);
    else if (frame.type === "reset" && frame.thread === this.id) {
      this.last = -1;
      void this.open();
    }
  }

  setRow(row: Row): void {
    const known = this.view.value.row;
    if (!known || row.last_sequence >= known.last_sequence) this.put({ row });
  }

  private take(event: DeskEvent): void {
    if (event.sequence <= this.last) return;
    this.last = event.sequence;
    const { marks, events, outgoing } = this.view.value;
    this.put({
      events: mergeEvents(events, [event]),
      marks: moveMarks(marks ?? { delivered: 0, read: 0, seen: 0 }, event, events),
      outgoing: outgoing.filter((one) => one.id !== event.client_message_id && !(one.sequence && one.sequence <= event.sequence)),
    });
    if (event.author === "user" || event.author === "agent") this.stopTyping(event.author === "user" ? "user" : (event.agent?.agent_id ?? ""));
    if (event.kind.startsWith("session:")) this.lookSoon();
  }

  private lookSoon(): void {
    clearTimeout(this.refresh);
    this.refresh = window.setTimeout(() => void this.look(), 200);
  }

  /** Reads the context and the sessions anew. */
  async look(): Promise<void> {
    try {
      const detail = await threads.show(this.id);
      this.put({ detail });
      this.setRow(detail.thread);
    } catch {
      // The next event or the next opening tries again; what is shown is not wrong, only older.
    }
  }

  private setTyping(frame: Extract<ServerFrame, { type: "typing" }>): void {
    const key = frame.author === "user" ? "user" : (frame.agent?.agent_id ?? "");
    this.stopTyping(key);
    if (frame.action !== "start") return;
    const mark = { author: frame.author, key, name: frame.agent?.agent_name, text: frame.text };
    this.put({ typing: [...this.view.value.typing, mark] });
    this.typists.set(key, window.setTimeout(() => this.stopTyping(key), typingTime));
  }

  private stopTyping(key: string): void {
    clearTimeout(this.typists.get(key));
    if (!this.typists.delete(key)) return;
    this.put({ typing: this.view.value.typing.filter((one) => (one as { key?: string }).key !== key) });
  }

  /** Says something to the client or, as a note, to the colleagues. It is kept until the server has it. */
  say(one: Omit<Outgoing, "id" | "at" | "state">): void {
    const outgoing: Outgoing = { ...one, id: crypto.randomUUID(), at: Date.now(), state: "sending" };
    this.put({ outgoing: [...this.view.value.outgoing, outgoing] });
    void this.flush();
  }

  /** Tells the others, and the client, that one types here. */
  type(action: "start" | "stop"): void {
    this.send({ type: "typing", thread: this.id, action });
  }

  retry(id: string): void {
    this.mark(id, { state: "waiting", error: undefined });
    void this.flush();
  }

  discard(id: string): void {
    this.put({ outgoing: this.view.value.outgoing.filter((one) => one.id !== id) });
  }

  private mark(id: string, change: Partial<Outgoing>): void {
    this.put({ outgoing: this.view.value.outgoing.map((one) => (one.id === id ? { ...one, ...change } : one)) });
  }

  /**
   * Sends what waits, one after the other, so that order is kept. A message
   * without an answer is sent again with the same client_message_id, which the
   * server takes once.
   */
  private async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let one; (one = this.view.value.outgoing.find((o) => o.state === "waiting" || o.state === "sending")); ) {
        if (!(await this.deliver(one))) break;
      }
    } finally {
      this.sending = false;
    }
  }

  private async deliver(one: Outgoing): Promise<boolean> {
    this.mark(one.id, { state: "sending" });
    try {
      const { text, mentions, id: client_message_id } = one;
      const { event } = one.kind === "note" ? await threads.note(this.id, { text, mentions, client_message_id })
        : await threads.send(this.id, { text, attachments: one.files.map(({ file_id }) => ({ file_id })), client_message_id });
      if (event.sequence <= this.last) this.discard(one.id);
      else this.mark(one.id, { state: "sent", sequence: event.sequence });
      setTimeout(() => void this.catchUp(event.sequence), 1000);
      return true;
    } catch (error) {
      const problem = error instanceof ApiError ? error : new ApiError("broken", 500, String(error));
      const again = problem.passing;
      this.mark(one.id, again ? { state: "waiting" } : { state: "failed", error: problem });
      if (again) setTimeout(() => void this.flush(), (problem.retryAfter ?? 3) * 1000);
      return !again;
    }
  }

  /** Reads what is after the newest event that is here, where the live connection has not brought it. */
  private async catchUp(upTo: number): Promise<void> {
    try {
      while (this.last < upTo) {
        const found = await threads.events(this.id, { after: this.last, limit: page });
        if (found.events.length === 0) return;
        for (const event of found.events) this.take(event);
      }
    } catch {
      // The live connection brings the same events.
    }
  }

  /** Runs an action of the desk on the thread and shows its row at once. */
  async act(action: Promise<{ thread: Row }>): Promise<void> {
    const { thread } = await action;
    this.setRow(thread);
    this.changed(thread);
  }
}
