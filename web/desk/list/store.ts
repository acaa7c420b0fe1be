import { threads } from "../api/desk.ts";
import type { Counts, Filter, Row } from "../api/types.ts";
import type { ServerFrame } from "../live/frame.ts";
import { Signal } from "../ui/signal.ts";
import { Listing } from "./listing.ts";

export interface ListView {
  filter: Filter;
  rows: readonly Row[];
  more: boolean;
  phase: "loading" | "ready" | "failed";
}

const none: Counts = { mine: 0, unassigned: 0, all: 0, snoozed: 0 };
const pageSize = 100;

/** The list of the desk: one filter at a time, loaded by pages, kept current by the live connection. */
export class ListStore {
  readonly view: Signal<ListView>;
  readonly counts = new Signal<Counts>(none);
  cursor: number | undefined; // every update up to it is in the rows
  boot = ""; // the run of the server that numbered the cursor
  private readonly viewer: string;
  private readonly subscribe: () => void;
  private listing: Listing;
  private waiting = new Map<string, Row | null>();
  private early: [number, string, Row | null][] | null = null; // updates while the first page is on its way
  private scheduled = false;
  private load = 0;

  /** subscribe is called when a list was read anew: its updates are wanted from its cursor on. */
  constructor(viewer: string, filter: Filter, subscribe: () => void) {
    this.viewer = viewer;
    this.subscribe = subscribe;
    this.listing = new Listing(filter, viewer);
    this.view = new Signal<ListView>({ filter, rows: [], more: false, phase: "loading" });
  }

  /** Shows the list of a filter, from its first page. The old rows stay in sight until it is there. */
  async show(filter: Filter, keep = false): Promise<void> {
    const load = ++this.load;
    this.early = [];
    this.view.set({ ...this.view.value, filter, rows: keep ? this.view.value.rows : [], more: false, phase: "loading" });
    try {
      const page = await threads.list(filter, undefined, pageSize);
      if (load !== this.load) return;
      this.listing = new Listing(filter, this.viewer);
      this.listing.append(page.threads, page.next);
      this.waiting = new Map((this.early ?? []).filter(([cursor]) => cursor > page.cursor).map(([, id, row]) => [id, row]));
      this.cursor = Math.max(page.cursor, ...(this.early ?? []).map(([cursor]) => cursor));
      this.boot = page.boot;
      this.early = null;
      this.counts.set(page.counts);
      this.flush(true);
      this.subscribe();
    } catch {
      if (load !== this.load) return;
      this.early = null;
      this.view.set({ ...this.view.value, phase: "failed" });
    }
  }

  reload(): Promise<void> {
    return this.show(this.view.value.filter, true);
  }

  /** Reads the next page, where there is one. */
  async more(): Promise<void> {
    const { listing, load } = this;
    if (this.view.value.phase !== "ready" || listing.next === null) return;
    this.view.set({ ...this.view.value, phase: "loading" });
    try {
      const page = await threads.list(listing.filter, listing.next, 200);
      if (load !== this.load) return;
      listing.append(page.threads, page.next);
      this.flush(true);
    } catch {
      if (load === this.load) this.view.set({ ...this.view.value, phase: "ready" });
    }
  }

  /** Takes what an action of this page answered, before the live connection tells it. */
  put(row: Row): void {
    const known = this.waiting.get(row.id) ?? this.find(row.id);
    if (known && known.last_sequence > row.last_sequence) return; // the live connection was faster
    this.waiting.set(row.id, row);
    this.schedule();
  }

  hear(frame: ServerFrame): void {
    switch (frame.type) {
      case "row":
        this.take(frame.cursor, frame.thread.id, frame.thread);
        break;
      case "removed":
        this.take(frame.cursor, frame.id, null);
        break;
      case "counts":
        this.counts.set(frame.counts);
        break;
      case "reset":
        if (!frame.thread) void this.reload();
        break;
      case "checksum":
        this.flush();
        if (!this.early && this.listing.agrees(frame.tab, frame.count, frame.hash) === false) void this.reload();
        break;
    }
  }

  find(id: string): Row | undefined {
    return this.view.value.rows.find((row) => row.id === id);
  }

  private take(cursor: number, id: string, row: Row | null): void {
    if (this.early) {
      this.early.push([cursor, id, row]);
      return;
    }
    this.cursor = Math.max(this.cursor ?? 0, cursor);
    this.waiting.set(id, row);
    this.schedule();
  }

  /** Many updates come at once; they are drawn once a frame, and in a hidden page now and then. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    if (document.visibilityState === "visible") requestAnimationFrame(() => this.flush());
    else setTimeout(() => this.flush(), 250);
  }

  private flush(always = false): void {
    this.scheduled = false;
    const changed = this.listing.update(this.waiting);
    this.waiting.clear();
    if (this.early && !always) return;
    if (changed || always) {
      this.view.set({ filter: this.listing.filter, rows: this.listing.rows, more: !this.listing.complete, phase: "ready" });
    }
  }
}
