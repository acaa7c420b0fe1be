import type { Filter, Row, Sort, Tab } from "../api/types.ts";

/** Later than every time there is, in milliseconds; the server sorts with the same number. */
const behind = 2 ** 53;

/** What a row is sorted by, ascending: who waits longest first, who does not wait after them, last message first. */
export function sortKey(row: Row, sort: Sort): number {
  return sort === "waiting" && row.waiting_since ? row.waiting_since : behind - row.last_at;
}

export function compare(a: Row, b: Row, sort: Sort): number {
  return sortKey(a, sort) - sortKey(b, sort) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Whether a row belongs to the list of a filter, its query left aside. */
export function belongs(row: Row, filter: Filter, viewer: string): boolean {
  const active = row.status === "bot" || row.status === "queued" || row.status === "open";
  const agent = row.owner.agent?.agent_id ?? "";
  if (filter.status ? filter.status !== "any" && filter.status !== row.status : !active) return false;
  if (filter.tab === "mine" && agent !== viewer) return false;
  if (filter.tab === "unassigned" && row.owner.kind !== "queue") return false;
  if (filter.department && row.department_id !== filter.department) return false;
  if (filter.integration && row.integration_id !== filter.integration) return false;
  return !filter.agent || agent === filter.agent;
}

/** 32-bit FNV-1a over the sorted lines "id:last_sequence:status\n", in 8 hex digits. */
export function checksum(rows: Row[]): string {
  const text = rows.map((row) => `${row.id}:${row.last_sequence}:${row.status}\n`).sort().join("");
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

/**
 * The loaded part of the list of one filter, in order. Pages come from the
 * server; updates move, add and remove rows. A row that sorts behind the last
 * loaded one is left to the page that will bring it.
 */
export class Listing {
  readonly filter: Filter;
  private readonly viewer: string;
  private readonly byID = new Map<string, Row>();
  private sorted: Row[] = [];
  next: string | null = null;

  constructor(filter: Filter, viewer: string) {
    this.filter = filter;
    this.viewer = viewer;
  }

  /** The rows in order. The array is a new one after every change. */
  get rows(): readonly Row[] {
    return this.sorted;
  }

  get complete(): boolean {
    return this.next === null;
  }

  /** Adds a page. Rows that an update brought meanwhile are newer and stay. */
  append(page: Row[], next: string | null): void {
    for (const row of page) {
      const known = this.byID.get(row.id);
      if (!known || known.last_sequence <= row.last_sequence) this.byID.set(row.id, row);
    }
    this.next = next;
    this.sorted = [...this.byID.values()].sort((a, b) => compare(a, b, this.filter.sort));
  }

  /** Takes updates of rows in their order; null removes. Returns whether the list changed. */
  update(changes: Iterable<[string, Row | null]>): boolean {
    let rows: Row[] | null = null;
    for (const [id, row] of changes) {
      const old = this.byID.get(id);
      const wanted = row !== null && belongs(row, this.filter, this.viewer) && (old !== undefined || !this.filter.query);
      if (!old && !wanted) continue;
      rows ??= [...this.sorted];
      if (old) {
        rows.splice(this.place(rows, old), 1);
        this.byID.delete(id);
      }
      if (!wanted) continue;
      const at = this.place(rows, row);
      if (at === rows.length && !this.complete && rows.length > 0) continue;
      rows.splice(at, 0, row);
      this.byID.set(id, row);
    }
    if (rows) this.sorted = rows;
    return rows !== null;
  }

  /** Whether the server's sum of a tab fits; undefined where this list cannot tell. */
  agrees(tab: Tab, count: number, hash: string): boolean | undefined {
    const { status, department, integration, agent, query } = this.filter;
    if (tab !== this.filter.tab || status || department || integration || agent || query || !this.complete) return undefined;
    return count === this.sorted.length && checksum(this.sorted) === hash;
  }

  /** Where a row stands or would stand. */
  private place(rows: Row[], row: Row): number {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(rows[middle]!, row, this.filter.sort) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
