import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeskEvent } from "../api/types.ts";
import { mergeEvents, moveMarks, timeline, type Outgoing } from "./timeline.ts";

const noon = new Date(2026, 10, 20, 12).getTime();

function event(sequence: number, over: Partial<DeskEvent> = {}): DeskEvent {
  return { sequence, session_id: "s", kind: "message:user", at: noon + sequence * 1000, author: "user", message_id: `m${sequence}`, input: { text: "hi" }, ...over };
}

const kinds = (events: DeskEvent[], outgoing: Outgoing[] = []) => timeline(events, outgoing, undefined).map((line) => line.kind).join(" ");

test("days, groups and system lines", () => {
  const lines = timeline([event(1), event(2), event(3, { kind: "conversation:handover", author: "system" }), event(4), event(5, { at: noon + 86_400_000 })], [], undefined);
  assert.equal(lines.map((line) => line.kind).join(" "), "day message message system message day message");
  assert.deepEqual(lines.flatMap((line) => (line.kind === "message" ? [line.follows] : [])), [false, true, false, false]);
});

test("what says nothing is not drawn", () => {
  assert.equal(kinds([event(1, { kind: "session:context:updated", author: "system" }), event(2, { kind: "message:read", author: "system" }), event(3, { author: "bot", kind: "message:brain_received", responses: [{ type: "pause", duration: 1 }] })]), "");
  assert.equal(kinds([event(1, { kind: "made:up", author: "system" })]), "day system");
});

test("the widget's first message is a quiet line, a reply that came too late is a message", () => {
  assert.equal(kinds([event(1, { trigger: true }), event(2, { author: "bot", kind: "message:suppressed", suppressed: true, responses: [{ type: "text", text: "late" }] })]), "day system message");
});

test("an outgoing message goes when its event is there", () => {
  const out: Outgoing = { id: "x", kind: "message", at: noon, text: "hi", files: [], mentions: [], state: "sending" };
  assert.equal(kinds([event(1)], [out]), "day message outgoing");
  assert.equal(kinds([event(1, { client_message_id: "x", author: "agent" })], [out]), "day message");
});

test("events are merged by sequence, each once", () => {
  const known = [event(2), event(4)];
  assert.equal(mergeEvents(known, [event(4)]), known);
  assert.equal(mergeEvents(known, []), known);
  assert.deepEqual(mergeEvents(known, [event(1), event(3), event(4), event(5)]).map((e) => e.sequence), [1, 2, 3, 4, 5]);
  assert.deepEqual(mergeEvents([], [event(7), event(7)]).map((e) => e.sequence), [7]);
});

test("receipts cover what came before, and never go back", () => {
  const events = [event(1, { author: "agent" }), event(2, { author: "agent" }), event(3)];
  let marks = { delivered: 0, read: 0, seen: 0 };
  marks = moveMarks(marks, event(4, { kind: "message:delivered", body: { message_ids: ["m2"] } }), events);
  assert.deepEqual(marks, { delivered: 2, read: 0, seen: 0 });
  marks = moveMarks(marks, event(5, { kind: "message:read", body: { message_ids: ["m1"] } }), events);
  assert.deepEqual(marks, { delivered: 2, read: 1, seen: 0 });
  marks = moveMarks(marks, event(6, { kind: "message:read", body: { message_ids: ["m3"] }, agent: { agent_id: "a", agent_name: "A" } }), events);
  assert.deepEqual(marks, { delivered: 2, read: 1, seen: 3 });
  const receipts = timeline(events, [], marks).flatMap((line) => (line.kind === "message" ? [line.receipt] : []));
  assert.deepEqual(receipts, ["read", "delivered", undefined]);
});
