import { createContext, use } from "react";
import { agents, cannedReplies, departments, integrations, me as mine, threads, views } from "../api/desk.ts";
import { persist } from "../api/persist.ts";
import { ApiError } from "../api/request.ts";
import type { Agent, Department, Filter, Integration, Me, Permission, Preferences, Presence, Row, View } from "../api/types.ts";
import { ListStore } from "../list/store.ts";
import { ThreadStore } from "../thread/store.ts";
import { Notices } from "../ui/notices.ts";
import { Signal } from "../ui/signal.ts";
import { Connection } from "./connection.ts";
import type { ServerFrame } from "./frame.ts";
import { Unread } from "./unread.ts";

/** How many threads stay in memory after they were shown. */
const kept = 12;

/** What a signed-in person's page holds: one live connection, the list, open threads, and the few lists that everything names. */
export class Desk {
  readonly me: Signal<Me>;
  readonly agents = new Signal<Agent[]>([]);
  readonly departments = new Signal<Department[]>([]);
  readonly integrations = new Signal<Integration[]>([]);
  readonly views = new Signal<View[]>([]);
  readonly catchingUp = new Signal(false);
  readonly notices = new Notices();
  readonly news = new Signal<News | null>(null); // what the person should hear of
  readonly title = new Signal(""); // the place that is open
  readonly unread: Unread;
  readonly connection: Connection;
  readonly list: ListStore;
  private readonly threads = new Map<string, ThreadStore>(); // the least recently shown first
  private shown: ThreadStore | null = null;
  private behind = 0; // the cursor at which the list has caught up
  private readonly leave: () => void;

  /** leave is called when the server says that the person is no longer signed in. */
  constructor(me: Me, leave: () => void) {
    this.me = new Signal(me);
    this.leave = leave;
    const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/desk/api/live`;
    this.connection = new Connection(address, (frame) => this.hear(frame), () => this.refused());
    this.unread = new Unread(me.agent.id, localStorage);
    this.list = new ListStore(me.agent.id, savedFilter(), () => this.followList());
    void this.list.show(this.list.view.value.filter); // before anything is drawn, so that rows come while the page is built
  }

  start(): void {
    this.connection.start();
    void this.readNames();
    void this.readUnread();
  }

  stop(): void {
    this.connection.stop();
  }

  /** Reads what is unread of the person's own conversations, whichever list is shown. */
  private readUnread(): Promise<void> {
    return this.read(() => threads.list({ tab: "mine", sort: "latest" }, undefined, 200), (page) => this.unread.take(page.threads));
  }

  /** Reads the people and places that rows and menus name. Each may be refused alone; names then stay ids. */
  async readNames(): Promise<void> {
    await Promise.all([
      this.readAgents(),
      this.read(departments.list, (found) => this.departments.set(found.departments)),
      this.read(integrations.list, (found) => this.integrations.set(found.integrations)),
      this.read(views.list, (found) => this.views.set(found.views)),
    ]);
  }

  private readAgents(): Promise<void> {
    return this.read(agents.list, (found) => this.agents.set(found.agents));
  }

  private read<A>(list: () => Promise<A>, take: (found: A) => void): Promise<void> {
    return persist(list, () => this.connection.state.value !== "ended").then(take, () => undefined);
  }

  may(permission: Permission): boolean {
    return this.me.value.permissions.includes(permission);
  }

  /** The thread with an id, open: at most one is followed at a time. */
  thread(id: string): ThreadStore {
    let store = this.threads.get(id);
    if (!store) store = new ThreadStore(id, (frame) => this.connection.send(frame), (row) => this.list.put(row));
    this.threads.delete(id);
    this.threads.set(id, store);
    for (const old of this.threads.keys()) {
      if (this.threads.size <= kept) break;
      if (old !== this.shown?.id && old !== id && this.threads.get(old)!.view.value.outgoing.length === 0) this.threads.delete(old);
    }
    return store;
  }

  show(store: ThreadStore): () => void {
    this.shown = store;
    void store.open();
    return () => {
      this.notices.clear();
      store.shut();
      if (this.shown === store) this.shown = null;
    };
  }

  filter(filter: Filter): void {
    try {
      sessionStorage.setItem(filterKey, JSON.stringify(filter));
    } catch {
      // A browser without storage forgets the filter with the page; nothing else depends on it.
    }
    void this.list.show(filter);
  }

  async setPresence(presence: Presence, autoAway?: boolean): Promise<void> {
    await mine.presence(presence, autoAway);
    const { value } = this.me;
    this.me.set({ ...value, agent: { ...value.agent, presence, auto_away: autoAway ?? value.agent.auto_away } });
  }

  /** Changes the person's own settings; they hold at once and are taken back when the server refuses. */
  async prefer(change: Partial<Preferences>): Promise<void> {
    const before = this.me.value;
    const preferences = { ...before.preferences, ...change };
    this.me.set({ ...before, preferences });
    try {
      await mine.change({ preferences });
    } catch (error) {
      this.me.set({ ...this.me.value, preferences: before.preferences });
      throw error;
    }
  }

  async speak(locale: string): Promise<void> {
    this.me.set({ ...this.me.value, locale });
    await mine.change({ locale });
  }

  cannedReplies(thread: string) {
    return cannedReplies.list(thread);
  }

  private hear(frame: ServerFrame): void {
    switch (frame.type) {
      case "hello":
        this.greeted(frame.cursor, frame.boot);
        break;
      case "signed_out":
        this.leave();
        break;
      case "presence":
        this.hearPresence(frame.agent_id, frame.presence);
        break;
    }
    if (frame.type === "row" && !this.behind) this.notice(frame.thread);
    this.unread.hear(frame);
    if (frame.type === "reset" && !frame.thread) void this.readUnread();
    this.list.hear(frame);
    if ("thread" in frame && frame.thread) this.threads.get(typeof frame.thread === "string" ? frame.thread : frame.thread.id)?.hear(frame);
    if (this.behind && (this.list.cursor ?? 0) >= this.behind) this.caughtUp();
  }

  /** Tells of what concerns this person: a client who writes, a conversation given, somebody new in the queue. */
  private notice(row: Row): void {
    const before = this.row(row.id);
    const me = this.me.value.agent.id;
    const mine = row.owner.agent?.agent_id === me;
    const wasMine = before ? before.owner.agent?.agent_id === me : row.preview_author === "user" && row.status === "open" && row.reason === "";
    const asked = this.unread.asked(row);
    if (asked > (before ? this.unread.asked(before) : row.preview_author === "note" ? 0 : asked)) this.news.set({ kind: "mention", row });
    else if (mine && !wasMine) this.news.set({ kind: "assigned", row });
    else if (mine && row.unread > (before?.unread ?? 0)) this.news.set({ kind: "message", row });
    else if (row.status === "queued" && before?.status !== "queued" && this.me.value.agent.presence !== "offline") this.news.set({ kind: "waiting", row });
  }

  /** Asks for the updates of the list from where it is. A cursor of another run of the server is answered with "reset". */
  private followList(): void {
    const { cursor, boot } = this.list;
    if (cursor !== undefined) this.connection.send({ type: "list", after: cursor, boot });
  }

  private greeted(cursor: number, boot: string): void {
    const { cursor: known, boot: ours, view } = this.list;
    if (view.value.phase === "failed") void this.list.reload();
    this.followList();
    if (known !== undefined && boot === ours && cursor > known) {
      this.behind = cursor;
      this.catchingUp.set(true);
      setTimeout(() => this.caughtUp(), 5_000);
    }
    if (known !== undefined) void this.readAgents(); // who came and went meanwhile
    this.shown?.follow();
  }

  /** A connection that is refused at its door may mean that the sign-in is over. */
  private refused(): void {
    mine.show().catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 401) this.leave();
    });
  }

  private caughtUp(): void {
    this.behind = 0;
    this.catchingUp.set(false);
  }

  private hearPresence(id: string, presence: Presence): void {
    if (!this.agents.value.some((agent) => agent.id === id)) void this.readAgents(); // somebody new
    this.agents.set(this.agents.value.map((agent) => (agent.id === id ? { ...agent, presence } : agent)));
    const { value } = this.me;
    if (value.agent.id === id) this.me.set({ ...value, agent: { ...value.agent, presence } });
  }

  /** The newest row that is known of a thread. */
  row(id: string): Row | undefined {
    return this.threads.get(id)?.view.value.row ?? this.list.find(id);
  }
}

export interface News {
  kind: "message" | "assigned" | "waiting" | "mention";
  row: Row;
}

const filterKey = "parley.desk.filter";

function savedFilter(): Filter {
  const first: Filter = { tab: "all", sort: "waiting" };
  try {
    return { ...first, ...(JSON.parse(sessionStorage.getItem(filterKey) ?? "{}") as Partial<Filter>) };
  } catch {
    return first;
  }
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = use(DeskContext);
  if (!desk) throw new Error("this part is only drawn for somebody who is signed in");
  return desk;
}
