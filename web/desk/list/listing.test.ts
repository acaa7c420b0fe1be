import assert from "node:assert/strict";
import { test } from "node:test";
import type { Filter, Row } from "../api/types.ts";
import { belongs, checksum, compare, Listing } from "./listing.ts";

function row(id: string, over: Partial<Row> = {}): Row {
  return {
    id, session_id: id, integration_id: "i", integration_name: "I", channel: "web", client_id: "c", name: id, preview: "", preview_author: "user",
    last_at: 1000, last_sequence: 1, opened_at: 0, status: "open", owner: { kind: "agent", agent: { agent_id: "ann", agent_name: "Ann" } },
    department_id: "", reason: "", waiting_since: null, snoozed_until: null, unread: 0, tags: [], language: "en", rating: null, ...over,
  };
}

const all: Filter = { tab: "all", sort: "latest" };
const ids = (list: Listing) => list.rows.map((r) => r.id).join("");

test("tabs and filters select rows as the server does", () => {
  const queued = row("q", { status: "queued", owner: { kind: "queue" } });
  assert.ok(belongs(row("a"), { tab: "mine", sort: "latest" }, "ann"));
  assert.ok(!belongs(row("a"), { tab: "mine", sort: "latest" }, "bob"));
  assert.ok(belongs(queued, { tab: "unassigned", sort: "latest" }, "bob"));
  assert.ok(!belongs(row("a", { status: "resolved" }), all, "ann"));
  assert.ok(belongs(row("a", { status: "resolved" }), { ...all, status: "any" }, "ann"));
  assert.ok(!belongs(row("a", { status: "snoozed" }), { ...all, status: "resolved" }, "ann"));
  assert.ok(!belongs(row("a"), { ...all, department: "sales" }, "ann"));
});

test("who waits longest is first, then the newest message", () => {
  const rows = [row("a", { last_at: 5 }), row("b", { last_at: 9 }), row("c", { waiting_since: 7 }), row("d", { waiting_since: 3 })];
  assert.equal(rows.sort((a, b) => compare(a, b, "waiting")).map((r) => r.id).join(""), "dcba");
  assert.equal(rows.sort((a, b) => compare(a, b, "latest")).map((r) => r.id).join(""), "cdba");
});

test("updates move, add and remove rows", () => {
  const list = new Listing(all, "ann");
  list.append([row("a", { last_at: 3 }), row("b", { last_at: 2 }), row("c", { last_at: 1 })], null);
  assert.equal(ids(list), "abc");
  const before = list.rows;
  assert.ok(list.update([["c", row("c", { last_at: 9, last_sequence: 2 })], ["d", row("d", { last_at: 4 })]]));
  assert.equal(ids(list), "cdab");
  assert.notEqual(list.rows, before);
  assert.ok(list.update([["a", row("a", { status: "resolved" })], ["b", null]]));
  assert.equal(ids(list), "cd");
  assert.ok(!list.update([["x", null], ["y", row("y", { status: "ended" })]]));
});

test("a row behind the last loaded one waits for its page", () => {
  const list = new Listing(all, "ann");
  list.append([row("a", { last_at: 9 }), row("b", { last_at: 8 })], "more");
  assert.ok(!list.complete);
  list.update([["z", row("z", { last_at: 1 })]]);
  assert.equal(ids(list), "ab");
  list.update([["b", row("b", { last_at: 10, last_sequence: 5 })], ["a", row("a", { last_at: 2 })]]);
  assert.equal(ids(list), "b", "what moved behind the loaded part comes with the next page");
  list.append([row("b", { last_at: 8, last_sequence: 4 }), row("a", { last_at: 2 }), row("z", { last_at: 1 })], null);
  assert.equal(ids(list), "baz", "an older row of a page does not undo an update");
});

test("a search takes no new rows, but keeps its own fresh", () => {
  const list = new Listing({ ...all, query: "parcel" }, "ann");
  list.append([row("a")], null);
  assert.ok(!list.update([["b", row("b")]]));
  assert.ok(list.update([["a", row("a", { preview: "new", last_sequence: 2 })]]));
  assert.equal(list.rows[0]!.preview, "new");
});

test("the sum is FNV-1a of the sorted lines", () => {
  assert.equal(checksum([]), "811c9dc5");
  const one = row("b", { last_sequence: 7, status: "bot" });
  const two = row("a", { last_sequence: 2, status: "queued" });
  assert.equal(checksum([one, two]), checksum([two, one]));
  let hash = 0x811c9dc5n;
  for (const c of Buffer.from("a:2:queued\nb:7:bot\n")) hash = ((hash ^ BigInt(c)) * 0x01000193n) & 0xffffffffn;
  assert.equal(checksum([one, two]), hash.toString(16).padStart(8, "0"));
  const list = new Listing(all, "ann");
  list.append([row("a")], null);
  assert.equal(list.agrees("all", 1, checksum([row("a")])), true);
  assert.equal(list.agrees("all", 2, "00000000"), false);
  assert.equal(list.agrees("mine", 2, "00000000"), undefined);
});

test("ten thousand rows take an update in a moment", () => {
  const list = new Listing({ tab: "all", sort: "waiting" }, "ann");
  list.append(Array.from({ length: 10_000 }, (_, i) => row(`r${i}`, { last_at: i, waiting_since: i % 3 ? null : i + 1 })), null);
  const before = process.cpuUsage();
  for (let i = 0; i < 100; i++) list.update([[`r${i * 7}`, row(`r${i * 7}`, { last_at: 20_000 + i, last_sequence: 2 })]]);
  assert.ok(process.cpuUsage(before).user < 1_000_000);
  assert.equal(list.rows.length, 10_000);
  for (let i = 1; i < list.rows.length; i++) assert.ok(compare(list.rows[i - 1]!, list.rows[i]!, "waiting") < 0);
});
