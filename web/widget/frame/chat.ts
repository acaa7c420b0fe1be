import { io, type Socket } from "socket.io-client";
import type { Response } from "../../shared/reply.tsx";
import type { WidgetEvents } from "../parley.d.ts";
import type { Configuration } from "../protocol.ts";
import { Log, type Author, type NoteName, type Said } from "./log.ts";
import { merge } from "./patch.ts";
import type { Kept, Pending, Store } from "./store.ts";
import { here, type Answer, type MessageRecord, type Payload, type Standing, type WireAttachment } from "./wire.ts";

export type Connection = "idle" | "connecting" | "online" | "offline";

export interface ChatOptions {
  integration: string;
  config: Configuration;
  store: Store;
  /** A fresh identity token, or "" without one. */
  token: () => Promise<string>;
  report: <Name extends keyof WidgetEvents>(name: Name, data: WidgetEvents[Name]) => void;
  /** Called after every change of what is shown. */
  changed: () => void;
}

/** Longest wait for an acknowledgement, milliseconds; after it the same message is sent again under the same id. */
const patience = 10_000;
/** How often a place in the line is asked for, milliseconds. */
const lineInterval = 10_000;
/** Refusals of a moment: the same may succeed later. */
const passing = ["rate_limited", "unavailable", "internal_error"];
/** Longest pause between two replies, milliseconds, whatever the bot asks for. */
const longestPause = 10_000;

/** The conversation of one visitor, kept alike on both sides of the wire whatever happens to the connection. */
export class Chat {
  readonly log = new Log();
  connection: Connection = "idle";
  session: string | undefined;
  context: Record<string, unknown> = {};
  handover: { status: string; position?: number } | undefined;
  agent: string | undefined;
  typing: string | undefined;
  /** Until when a closed conversation can be reopened, ms; 0 = it is not closed. */
  closedUntil = 0;
  rating = 0;
  problem = "";
  visible = false;
  unread = 0;

  private socket: Socket | undefined;
  private kept: Kept;
  private queue: Pending[] = [];
  private patch: Record<string, unknown>;
  private attached = false;
  private creating = false;
  private replaying = false;
  private busy = false;
  private greets = false;
  private last = -1; // newest sequence that was taken in; -1 before the first
  private unnumbered: Said[] = []; // sent on this connection, not yet numbered, in order
  private waiting: (() => void)[] = [];
  private files = new Map<string, File>();
  private typingSince = 0;
  private lineTimer: ReturnType<typeof setTimeout> | undefined;
  private typingEnds: ReturnType<typeof setTimeout> | undefined;
  private revealing: Promise<void> = Promise.resolve();
  private delay = 1000;
  private line = 0; // counts connections: an answer of an earlier one is stale
  private telling = 0; // the sequence that a receipt on its way is about; 0 = there is none

  constructor(private readonly o: ChatOptions) {
    this.kept = o.store.read();
    this.session = this.kept.session;
    this.patch = o.store.context();
    for (const one of o.store.pending()) this.enqueue(one);
    if (this.session || this.queue.length > 0) this.connect();
  }

  /** The visitor form has to be filled in before the session begins (moveo a.13). */
  get needsForm(): boolean {
    const { required_fields, optional_fields } = this.o.config;
    return !this.session && !this.kept.formDone && required_fields.length + optional_fields.length > 0;
  }

  get sound(): boolean | undefined {
    return this.kept.sound;
  }

  setSound(on: boolean): void {
    this.keep({ sound: on });
  }

  show(): void {
    this.visible = true;
    this.begin();
    this.seen();
  }

  hide(): void {
    this.visible = false;
    this.compose(false);
  }

  submitForm(patch: Record<string, unknown>): void {
    this.keep({ formDone: true });
    this.updateContext(merge(patch, { global: { visitor_form_completed: true } }));
    this.begin();
  }

  send(text: string, attachments?: WireAttachment[]): void {
    if (text.trim() === "" && !attachments?.length) return;
    this.compose(false);
    const one: Pending = { id: crypto.randomUUID(), at: Date.now(), text: text || undefined, attachments };
    this.o.store.setPending(one);
    this.enqueue(one);
    this.closedUntil = 0;
    this.o.report("message", { author: "user", text });
    this.begin();
    this.flush();
  }

  /** Tries again what the server refused. */
  retry(item: Said): void {
    const file = this.files.get(item.key);
    this.log.items = this.log.items.filter((i) => i !== item);
    if (file) void this.upload(file);
    else this.send(item.text, item.attachments.length > 0 ? item.attachments : undefined);
  }

  async upload(file: File): Promise<void> {
    const kind = /^(image|audio|video)\//.exec(file.type)?.[1] ?? "file";
    const item: Said = {
      kind: "said", key: this.log.nextKey(), author: "user", at: Date.now(), text: "", responses: [], shown: 0, progress: "uploading",
      attachments: [{ type: kind, mime_type: file.type, filename: file.name, size: file.size, url: kind === "image" ? URL.createObjectURL(file) : undefined }],
    };
    this.files.set(item.key, file);
    this.log.put(item);
    this.begin();
    const mime = file.type || "application/octet-stream";
    try {
      const place = await this.bring(file, mime, () => this.log.items.includes(item));
      if (!place) return;
      const one: Pending = {
        id: crypto.randomUUID(), at: Date.now(),
        attachments: [{ type: kind, mime_type: mime, id: place.file_id, url: place.upload_url, filename: file.name, title: file.name }],
      };
      this.files.delete(item.key);
      Object.assign(item, { clientId: one.id, progress: "sending" });
      item.attachments[0]!.url ??= place.download_url;
      this.o.store.setPending(one);
      this.queue.push(one);
      this.flush();
    } catch (why) {
      this.fail(item, why instanceof Error ? why.message : String(why));
    }
    this.o.changed();
  }

  /** Puts a file where the server says, however often the line breaks meanwhile; every try has a place of its own. */
  private async bring(file: File, mime: string, wanted: () => boolean): Promise<Answer | undefined> {
    for (let tries = 0; ; tries++) {
      const place = await this.insist("session:file:upload:request", { filename: file.name, content_type: mime, size: file.size }, wanted);
      if (!place) return undefined;
      if (!place.upload_url) throw new Error(place.description ?? "");
      const put = await fetch(here(place.upload_url), { method: "PUT", body: file, headers: { "Content-Type": mime } }).catch(() => undefined);
      if (put?.ok) return place;
      if (put && put.status !== 429 && put.status < 500) throw new Error(((await put.json().catch(() => ({}))) as { error_message?: string }).error_message ?? `${put.status}`);
      await pause(tries);
    }
  }

  updateContext(patch: Record<string, unknown>): void {
    this.patch = merge(this.patch, patch);
    this.o.store.setContext(this.patch);
    void this.flushContext();
  }

  setTags(change: (tags: string[]) => string[]): void {
    const known = (this.patch.tags ?? this.context.tags ?? []) as string[];
    this.updateContext({ tags: [...new Set(change(known))] });
  }

  /** Tells the other side whether the visitor is writing. */
  compose(on: boolean): void {
    const now = Date.now();
    if (!this.attached || (on && now - this.typingSince < 3000) || (!on && this.typingSince === 0)) return;
    this.typingSince = on ? now : 0;
    this.tell("message:compose", { action: on ? "start" : "stop" });
  }

  async rateReply(item: Said, thumb: 1 | -1): Promise<void> {
    item.thumb = thumb;
    const { session } = this;
    const answer = await this.insist("message:rate", { message_id: item.messageId, rating: thumb }, () => this.session === session);
    if (!answer || answer.error_code) {
      item.thumb = undefined;
      this.trouble(answer);
    }
    this.o.changed();
  }

  async rate(rating: number, feedback: string): Promise<boolean> {
    const { session } = this;
    const answer = await this.insist("conversation:rate", { rating, ...(feedback ? { feedback } : {}) }, () => this.session === session);
    if (!answer || answer.error_code) {
      this.trouble(answer);
      return false;
    }
    this.rating = rating;
    this.keep({ rated: this.session });
    this.o.report("rated", { rating });
    this.o.changed();
    return true;
  }

  async reopen(): Promise<void> {
    const answer = await this.insist("conversation:reopen", {}, () => this.closedUntil > 0); // 0: an answer was lost, and it is open
    if (answer?.error_code) this.trouble(answer);
  }

  end(): void {
    if (this.attached) this.tell("session:close", {});
  }

  /** Forgets everything on this device. */
  reset(): void {
    this.o.store.clear();
    this.forget();
    this.queue = [];
    this.patch = {};
    this.kept = { seen: 0, told: 0 };
    this.log.items = [];
    this.o.changed();
  }

  /** Begins anew as the person the identity token names. */
  login(): void {
    const active = this.socket !== undefined;
    this.forget();
    this.keep({ session: undefined, seen: 0, told: 0 });
    this.log.items = [];
    for (const one of this.o.store.pending()) this.o.store.dropPending(one.id);
    this.queue = [];
    if (active || this.visible) this.begin();
    this.o.changed();
  }

  resume(session: string): void {
    this.forget();
    this.log.items = [];
    this.session = session;
    this.keep({ session, seen: 0, told: 0 });
    this.connect();
  }

  stop(): void {
    clearTimeout(this.lineTimer);
    this.socket?.disconnect();
  }

  // The connection.

  private begin(): void {
    if (this.needsForm) return this.o.changed();
    if (!this.session && this.queue.length === 0) this.greets = true;
    this.connect();
  }

  private connect(): void {
    if (this.socket?.connected && !this.session && !this.creating) return void this.attach();
    if (this.socket) return;
    this.connection = "connecting";
    this.socket = io({
      path: `/v1/web/${encodeURIComponent(this.o.integration)}/ws`,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 8000,
      forceNew: true,
    });
    this.socket.on("connect", () => void this.attach());
    this.socket.on("disconnect", (reason) => this.detached(reason));
    this.socket.on("connect_error", (why) => this.unreachable(why));
    this.socket.onAny((name: string, payload: Payload) => this.hear(name, payload ?? {}));
    this.o.changed();
  }

  private unreachable(why: Error): void {
    this.connection = "offline";
    if (why.message === "integration_not_found") {
      this.problem = "gone";
      this.o.report("error", { code: why.message, message: "the server does not know the integration, or not for this page" });
    }
    this.o.changed();
  }

  private detached(reason: string): void {
    this.line++;
    this.attached = this.creating = this.busy = this.replaying = false;
    this.telling = 0;
    this.unnumbered = [];
    this.typing = undefined;
    this.connection = "offline";
    if (this.socket) this.socket.sendBuffer = []; // it would go out before the session is taken up again, as a stranger's
    if (reason === "io server disconnect") this.socket?.connect(); // a server that drains; the client itself would not come back
    this.o.changed();
  }

  /** Takes up the session, or opens one where something waits for it. */
  private async attach(): Promise<void> {
    const socket = this.socket;
    const token = await this.o.token();
    if (socket !== this.socket || !socket?.connected || this.creating) return;
    const who = token ? { identity_token: token } : {};
    const subject = subjectOf(token);
    if (this.session && subject !== undefined && subject !== this.kept.who) return this.login(); // the session of somebody else, or of nobody yet
    if (this.session) {
      this.replaying = true;
      const from = this.last >= 0 ? { last_sequence: this.last } : { chain: true };
      socket.emit("session:reconnect", { session_id: this.session, timestamp: Date.now(), ...from, ...who });
      return;
    }
    if (this.needsForm || (this.queue.length === 0 && !this.greets && !this.visible && this.waiting.length === 0)) {
      this.connection = "online";
      return this.o.changed();
    }
    this.creating = true;
    this.keep({ who: subject });
    const sent = this.patch;
    socket.emit("session:create", { timestamp: Date.now(), context: merge(this.place(), sent), ...who });
    socket.once("session:created", () => this.forgetPatch(sent));
  }

  private place(): Record<string, unknown> {
    return { user: { language: navigator.language.slice(0, 2), timezone: Intl.DateTimeFormat().resolvedOptions().timeZone } };
  }

  /** Ends what belongs to the session that was, with its connection. */
  private forget(): void {
    this.socket?.removeAllListeners().offAny();
    this.socket?.disconnect();
    this.socket = undefined;
    this.line++;
    this.attached = this.creating = this.busy = this.replaying = false;
    this.telling = 0;
    this.unnumbered = [];
    this.session = this.agent = this.handover = this.typing = undefined;
    this.last = -1;
    this.closedUntil = this.unread = this.rating = 0;
    this.connection = "idle";
    this.o.report("unread", { count: 0 });
  }

  /** The session is over on the server; what is not delivered goes to a new one. */
  private lose(why: Payload): void {
    const was = this.session;
    if (!was || (why.session_id && why.session_id !== was)) return;
    this.forget();
    this.keep({ session: undefined, seen: 0, told: 0 });
    this.log.note("ended", {}, Date.now());
    this.log.startEra(this.queue.map((one) => one.id));
    this.o.report("sessionClosed", { session_id: was, reason: why.reason });
    if (this.queue.length > 0 || this.waiting.length > 0) this.connect();
    this.o.changed();
  }

  // What the server says.

  private hear(name: string, p: Payload): void {
    if (name === "session:created" && this.creating && !p.predecessor_id) return this.created(p);
    if (name === "session:reconnected") return this.reconnected(p);
    if (name === "session:expired") return this.lose(p);
    if (/:error(:|$)/.test(name)) return this.refused(name, p);
    if (p.sequence !== undefined && !this.advance(p.sequence)) return;
    this.events[name]?.call(this, p);
    this.o.changed();
  }

  /**
   * Sequences have no gaps (moveo c.6). The server leaves out only the sender's own messages, which thereby get their numbers.
   * Any longer gap is a loss: what was missed is asked for, and what comes before the answer does comes again after it.
   */
  private advance(sequence: number): boolean {
    if (sequence <= this.last) return false;
    const missing = sequence - this.last - 1;
    if (this.attached && missing > this.unnumbered.length) {
      if (!this.replaying) void this.attach();
      return false;
    }
    for (const own of this.unnumbered.splice(0, missing)) own.sequence = ++this.last;
    this.log.sort();
    this.last = sequence;
    return true;
  }

  private created(p: Payload): void {
    this.creating = false;
    this.last = p.sequence ?? 0;
    this.takeSession(p);
    if (this.greets && this.queue.length === 0) {
      const one: Pending = { id: crypto.randomUUID(), at: Date.now(), text: this.o.config.welcome_trigger_message, hidden: true };
      this.o.store.setPending(one);
      this.enqueue(one);
    }
    this.greets = false;
    this.ready();
    this.o.changed();
  }

  private takeSession(p: Payload): void {
    this.session = p.session_id;
    this.context = p.context ?? this.context;
    this.keep({ session: this.session });
    this.o.report("sessionCreated", { session_id: p.session_id!, context: this.context, predecessor_id: p.predecessor_id });
  }

  private reconnected(p: Payload): void {
    if (p.messages || !p.resumed) this.restore(p.messages ?? []);
    this.readUpTo(p.seen ?? 0);
    this.last = p.sequence ?? this.last;
    if (this.session !== p.session_id || Object.keys(this.context).length === 0) this.takeSession(p);
    this.context = p.context ?? this.context;
    if (!p.is_handover) this.handover = this.agent = undefined;
    else this.stand(p.standing);
    if (p.closed_at) this.offer(p.closed_at, p.keep_alive ?? 0, p.rating ?? 0);
    else this.closedUntil = 0;
    this.ready();
    this.o.changed();
  }

  /** A conversation that was resolved can be rated, and opened again for a while. */
  private offer(at: number, window: number, rating: number): void {
    this.rating = rating;
    this.closedUntil = at + window * 1000;
    setTimeout(() => this.o.changed(), this.closedUntil - Date.now() + 50);
  }

  /** Takes where the conversation waits, and shows it when it is news. */
  private stand(now: Standing | undefined): void {
    const before = this.handover;
    this.handover = now && now.status !== "open" ? now : undefined;
    if (this.handover && (before?.status !== now!.status || before.position !== now!.position)) {
      this.log.place(placeOf(now!), { n: now!.position ?? 0 });
      this.o.report("handover", this.handover);
      this.o.changed();
    }
    this.watchLine();
  }

  /** The line moves without an event: whoever waits and looks on asks now and then. */
  private watchLine(): void {
    clearTimeout(this.lineTimer);
    if (!this.handover) return;
    this.lineTimer = setTimeout(async () => {
      const answer = this.visible && this.attached && this.handover ? await this.ask("conversation:standing", { session_id: this.session }) : undefined;
      if (answer && !answer.error_code && this.handover) this.stand(answer.standing);
      else this.watchLine();
    }, lineInterval);
  }

  private ready(): void {
    this.replaying = false;
    this.attached = true;
    this.connection = "online";
    this.problem = "";
    this.delay = 1000;
    for (const go of this.waiting.splice(0)) go();
    if (this.visible) this.seen();
    else this.arrived();
    void this.confirm();
    void this.flushContext();
    this.flush();
  }

  /** Takes in messages[]: the log of a page that was just opened, or one that fell too far behind. */
  private restore(records: MessageRecord[]): void {
    for (const r of records) {
      const author: Author = r.author === "user" ? "user" : r.author === "bot" ? "bot" : "agent";
      const { item, fresh } = this.log.take(author, r, r.input ?? {}, r.output?.responses ?? [], this.isTrigger(author, r));
      if (author === "agent") item.agent = r.agent?.agent_name;
      if (fresh && author !== "user" && r.sequence > this.kept.seen && !this.visible) this.unread++;
    }
    this.o.report("unread", { count: this.unread });
  }

  private isTrigger(author: Author, p: Payload | MessageRecord): boolean {
    return author === "user" && p.input?.text === this.o.config.welcome_trigger_message;
  }

  private refused(name: string, p: Payload): void {
    if (name.startsWith("session:create:error")) this.creating = false;
    if (p.error_code === "invalid_session") return; // session:expired follows
    const atSession = name.startsWith("session:create:error") || name === "session:reconnect:error";
    if (!atSession) return; // the acknowledgement tells whoever asked
    this.replaying = false;
    this.problem = p.error_code ?? "error";
    this.o.report("error", { code: this.problem, message: p.description ?? "" });
    if (p.error_code !== "invalid_identity_token") this.later(() => void this.attach());
    this.o.changed();
  }

  private readonly events: Record<string, (p: Payload) => void> = {
    "session:created": this.takeSession,
    "session:closed": (p) => {
      if (p.successor_id) return;
      // The id of a session that its script ended still opens the next one.
      if (p.reason === "script") this.log.note("ended", {}, p.timestamp ?? Date.now(), p.sequence);
      else this.lose(p);
    },
    "session:context:updated": (p) => {
      this.context = p.context ?? this.context;
      this.o.report("contextUpdated", { context: this.context, version: p.version, ignored: p.ignored });
    },
    "message:brain_received": (p) => this.received("bot", p),
    "message:received": (p) => this.received("agent", p),
    "message:external_agent": (p) => this.received("agent", p),
    "message:user": (p) => {
      const { item } = this.log.take("user", p, p.input ?? {}, [], this.isTrigger("user", p));
      this.unnumbered = this.unnumbered.filter((one) => one !== item);
      if (item.clientId) this.delivered(item.clientId);
    },
    "message:compose": (p) => {
      clearTimeout(this.typingEnds);
      this.typing = p.action === "start" ? (p.agent_name ?? this.agent ?? "") : undefined;
      if (p.action === "start") this.typingEnds = setTimeout(() => this.stopTyping(), 15_000);
    },
    "message:read": (p) => this.receipt(p, "read"),
    "message:delivered": (p) => this.receipt(p, "delivered"),
    "conversation:handover": (p) => {
      this.handover = { status: p.status ?? "queued", position: p.position };
      this.closedUntil = 0;
      this.log.note(placeOf(this.handover), { n: p.position ?? 0 }, p.timestamp ?? Date.now(), p.sequence);
      this.o.report("handover", this.handover);
      this.watchLine();
    },
    "conversation:member_join": (p) => {
      this.handover = undefined;
      this.agent = p.agent_name ?? "";
      this.log.note("joined", { name: this.agent }, p.timestamp ?? Date.now(), p.sequence);
      this.o.report("agentJoined", { agent_id: p.agent_id, agent_name: p.agent_name });
    },
    "conversation:member_leave": (p) => {
      this.agent = undefined;
      this.log.note("left", { name: p.agent_name ?? "" }, p.timestamp ?? Date.now(), p.sequence);
      this.o.report("agentLeft", { agent_id: p.agent_id, agent_name: p.agent_name });
    },
    "conversation:returned": (p) => {
      this.agent = this.handover = undefined;
      this.log.note("returned", {}, p.timestamp ?? Date.now(), p.sequence);
    },
    "conversation:closed": (p) => {
      this.agent = this.handover = this.typing = undefined;
      const window = p.keep_alive ?? 0;
      this.offer(p.timestamp ?? Date.now(), window, this.kept.rated === this.session ? this.rating : 0);
      this.log.note("closed", {}, p.timestamp ?? Date.now(), p.sequence);
      this.o.report("conversationClosed", { keep_alive: window });
    },
    "conversation:reopened": (p) => {
      this.closedUntil = 0;
      this.log.note("reopened", {}, p.timestamp ?? Date.now(), p.sequence);
      this.o.report("conversationReopened", {});
    },
    "session:expiring": (p) => this.log.note("expiring", {}, p.timestamp ?? Date.now(), p.sequence),
  };

  private received(author: Author, p: Payload): void {
    const { item, fresh } = this.log.take(author, p, p.input ?? {}, p.output?.responses ?? [], false);
    this.stopTyping();
    if (author === "agent") {
      item.agent = p.agent_name;
      this.handover = undefined;
    }
    if (!fresh) return;
    if (!this.replaying && item.responses.some((r) => r.type === "pause")) this.reveal(item);
    const text = author === "bot" ? item.responses.map((r: Response) => r.text ?? r.name ?? "").filter(Boolean).join("\n") : item.text;
    this.o.report("message", { author, text, message_id: item.messageId, agent_name: p.agent_name });
    if (this.visible) return this.seen();
    this.unread++;
    this.o.report("unread", { count: this.unread });
    if (author === "agent") this.arrived();
  }

  private receipt(p: Payload, progress: "read" | "delivered"): void {
    if (!p.agent_id) return; // the visitor's own, from another tab
    const newest = Math.max(0, ...(p.message_ids ?? []).map((id) => this.log.byMessageId(id)?.sequence ?? 0));
    for (const item of this.log.items) {
      if (item.kind !== "said" || item.author !== "user" || !item.progress || item.progress === "failed" || item.progress === "read") continue;
      if (p.message_ids?.includes(item.messageId ?? "") || (item.sequence ?? Infinity) <= newest) item.progress = progress;
    }
  }

  /** What people have read, as the server remembers it. */
  private readUpTo(sequence: number): void {
    for (const item of this.log.items) {
      if (item.kind === "said" && item.author === "user" && (item.sequence ?? Infinity) <= sequence) item.progress = "read";
    }
  }

  /** Shows the responses one after the other, as the pauses between them say. */
  private reveal(item: Said): void {
    item.shown = 0;
    this.revealing = this.revealing.then(async () => {
      for (const response of item.responses) {
        item.shown++;
        if (response.type !== "pause") continue;
        if (response.show_typing) this.typing = "";
        this.o.changed();
        await new Promise((go) => setTimeout(go, Math.min(response.duration ?? 0, longestPause)));
        this.typing = undefined;
      }
      this.o.changed();
    });
  }

  private stopTyping(): void {
    clearTimeout(this.typingEnds);
    this.typing = undefined;
    this.o.changed();
  }

  // What the visitor says.

  private enqueue(one: Pending): void {
    this.queue.push(one);
    if (!this.log.byClientId(one.id)) {
      this.log.put({
        kind: "said", key: this.log.nextKey(), author: "user", at: one.at, text: one.text ?? "", responses: [], shown: 0,
        attachments: (one.attachments ?? []) as WireAttachment[], clientId: one.id, progress: "sending", hidden: one.hidden,
      });
    }
    this.o.changed();
  }

  /** Sends the oldest unacknowledged message; one at a time, so that their order holds. */
  private flush(): void {
    const one = this.queue[0];
    if (!one || !this.attached || this.busy) return;
    this.busy = true;
    const line = this.line;
    const item = this.log.byClientId(one.id);
    if (item && item.sequence === undefined && !this.unnumbered.includes(item)) this.unnumbered.push(item);
    const input = { ...(one.text ? { text: one.text } : {}), ...(one.attachments ? { attachments: one.attachments } : {}) };
    void this.ask("message:send", { session_id: this.session, channel: "web", client_message_id: one.id, input }).then((answer) => {
      if (line === this.line) this.answered(one, item, answer);
    });
  }

  private answered(one: Pending, item: Said | undefined, answer: Answer | undefined): void {
    this.busy = false;
    if (answer && !answer.error_code) {
      if (item) {
        item.messageId = answer.message_id;
        if (item.progress === "sending") item.progress = "sent";
      }
      this.delivered(one.id);
    } else {
      this.unnumbered = this.unnumbered.filter((other) => other !== item);
      if (!answer || passing.includes(answer.error_code!)) return this.later(() => this.flush());
      if (answer.error_code === "invalid_session") return this.lose(answer);
      this.delivered(one.id);
      if (item) this.fail(item, answer.description ?? answer.error_code!);
    }
    this.o.changed();
    this.flush();
  }

  private delivered(id: string): void {
    this.queue = this.queue.filter((one) => one.id !== id);
    this.o.store.dropPending(id);
  }

  private fail(item: Said, why: string): void {
    item.progress = "failed";
    item.problem = why;
    this.o.report("error", { code: "message", message: why });
  }

  private async flushContext(): Promise<void> {
    const sent = this.patch;
    if (!this.attached || Object.keys(sent).length === 0) return;
    const answer = await this.ask("session:context:update", { session_id: this.session, context: { user: {}, ...sent } });
    if (!answer) return;
    this.forgetPatch(sent);
    if (answer.error_code) this.o.report("error", { code: answer.error_code, message: answer.description ?? "" });
    else if (answer.context) this.context = answer.context;
  }

  /** What was sent need not be sent again; what came meanwhile stays. */
  private forgetPatch(sent: Record<string, unknown>): void {
    if (this.patch !== sent) return void this.flushContext();
    this.patch = {};
    this.o.store.setContext({});
  }

  private seen(): void {
    this.unread = 0;
    this.o.report("unread", { count: 0 });
    if (this.last <= this.kept.seen) return;
    this.keep({ seen: this.last });
    void this.confirm();
  }

  /** Tells the people up to where the visitor has read, until the server confirms it: a receipt may go down with its line. */
  private async confirm(): Promise<void> {
    const read = this.log.ofAgents(this.kept.seen);
    const upTo = read?.sequence ?? 0;
    if (!this.attached || upTo <= Math.max(this.kept.told, this.telling)) return;
    const { line } = this;
    this.telling = upTo;
    const answer = await this.ask("message:read", { session_id: this.session, message_ids: [read!.messageId] });
    if (line !== this.line) return; // the next one tells it anew
    if (!answer || passing.includes(answer.error_code ?? "")) {
      this.telling = 0;
      return this.later(() => void this.confirm());
    }
    if (upTo > this.kept.told) this.keep({ told: upTo });
  }

  /** Tells the people that what they wrote last has come, where the visitor has not read it; every connection tells it anew. */
  private arrived(): void {
    const newest = this.log.ofAgents();
    if (newest && newest.sequence! > this.kept.seen) this.tell("message:delivered", { message_ids: [newest.messageId] });
  }

  private keep(change: Partial<Kept>): void {
    this.kept = { ...this.kept, ...change };
    this.o.store.write(this.kept);
  }

  private trouble(answer: Answer | undefined): void {
    this.problem = answer?.error_code ?? "offline";
    this.o.report("error", { code: this.problem, message: answer?.description ?? "no answer" });
    this.o.changed();
  }

  private tell(name: string, more: Record<string, unknown>): void {
    if (this.attached) this.socket?.emit(name, { session_id: this.session, timestamp: Date.now(), ...more });
  }

  /** Undefined when no acknowledgement came in time. */
  private async ask(name: string, more: Record<string, unknown>): Promise<Answer | undefined> {
    if (!this.socket?.connected) return undefined;
    try {
      return (await this.socket.timeout(patience).emitWithAck(name, { timestamp: Date.now(), ...more })) as Answer;
    } catch {
      return undefined;
    }
  }

  /** Asks for what may be done twice until there is an answer; undefined when nobody wants it any more. */
  private async insist(name: string, more: Record<string, unknown>, wanted: () => boolean): Promise<Answer | undefined> {
    for (let tries = 0; ; tries++) {
      await this.whenAttached();
      if (!wanted()) return undefined;
      const answer = await this.ask(name, { session_id: this.session, ...more });
      if (answer && !passing.includes(answer.error_code ?? "")) return answer;
      await pause(tries);
    }
  }

  private whenAttached(): Promise<void> {
    return this.attached ? Promise.resolve() : new Promise((go) => this.waiting.push(go));
  }

  private later(go: () => void): void {
    setTimeout(go, this.delay);
    this.delay = Math.min(this.delay * 2, 30_000);
  }
}

/** Waits before another try. */
function pause(tries: number): Promise<void> {
  return new Promise((go) => setTimeout(go, Math.min(500 * 2 ** tries, 8000)));
}

function placeOf({ status, position }: Standing): NoteName {
  return status === "no_agents" || status === "outside_hours" ? status : position ? "position" : "queued";
}

/** Whom a token names. The server verifies it; here it only tells one person from another. */
function subjectOf(token: string): string | undefined {
  try {
    const claims = JSON.parse(atob(token.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/"))) as { sub?: unknown };
    return typeof claims.sub === "string" ? claims.sub : undefined;
  } catch {
    return undefined;
  }
}
