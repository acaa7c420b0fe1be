import assert from "node:assert/strict";
import { test } from "node:test";
import type { Row } from "../api/types.ts";
import { titled } from "./title.ts";
import { Unread } from "./unread.ts";

const ann = { agent_id: "ann", agent_name: "Ann" };

function row(id: string, over: Partial<Row>): Row {
  return { id, status: "open", owner: { kind: "agent", agent: ann }, unread: 0, last_sequence: 9, ...over } as Row;
}

function memory(): Pick<Storage, "getItem" | "setItem"> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => void kept.set(key, text) };
}

test("own unread conversations and mentions are counted once each", () => {
  const unread = new Unread("ann", memory());
  unread.take([row("a", { unread: 3 }), row("b", {}), row("c", { unread: 1, owner: { kind: "queue" } }), row("d", { unread: 2, mentions: { ann: 7, bob: 8 } }), row("e", { owner: { kind: "bot" }, mentions: { bob: 8 } })]);
  assert.equal(unread.count.value, 2);
  unread.hear({ type: "row", cursor: 1, thread: row("a", { unread: 0 }) });
  assert.equal(unread.count.value, 1);
  unread.hear({ type: "removed", cursor: 2, id: "d" });
  assert.equal(unread.count.value, 0);
});

test("a mention goes when its thread was looked at, over a reload too, and comes again with the next note", () => {
  const kept = memory();
  const unread = new Unread("ann", kept);
  const asked = row("a", { owner: { kind: "bot" }, mentions: { ann: 7 } });
  unread.take([asked]);
  assert.equal(unread.asked(asked), 7);
  unread.look(asked);
  assert.equal(unread.asked(asked), 0);
  assert.equal(unread.count.value, 0);
  const later = new Unread("ann", kept);
  assert.equal(later.asked(asked), 0);
  assert.equal(later.asked({ ...asked, mentions: { ann: 8 } }), 8);
});

test("the title names the place and what waits", () => {
  assert.equal(titled("", 0), "Parley");
  assert.equal(titled("Vic", 3), "(3) Vic · Parley");
  assert.equal(titled("Vic", 100), "(99+) Vic · Parley");
});
