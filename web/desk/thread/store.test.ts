import assert from "node:assert/strict";
import { test } from "node:test";
import { ThreadStore } from "./store.ts";

/** Answers requests by the end of their path. */
function serve(t: { after: (clean: () => void) => void }, answers: Record<string, unknown>) {
  const before = globalThis.fetch;
  t.after(() => (globalThis.fetch = before));
  globalThis.fetch = (asked) => {
    const path = new URL(String(asked), "http://desk.example").pathname;
    const [, body] = Object.entries(answers).find(([end]) => path.endsWith(end)) ?? [];
    return Promise.resolve(Response.json(body ?? {}, { status: body ? 200 : 404 }));
  };
}

test("a receipt that comes while a thread is read is not lost", async (t) => {
  const none = { delivered: 0, read: 0, seen: 0 };
  serve(t, {
    "/threads/t": { thread: { id: "t", last_sequence: 1 }, marks: none }, // read before the receipt was there
    "/threads/t/events": {
      events: [
        { sequence: 1, kind: "message:received", author: "agent", at: 1, message_id: "m1" },
        { sequence: 2, kind: "message:read", author: "system", at: 2, body: { message_ids: ["m1"] } },
      ],
      first: 1, last: 2, marks: { delivered: 1, read: 1, seen: 0 },
    },
  });
  const sent: unknown[] = [];
  const store = new ThreadStore("t", (frame) => sent.push(frame) > 0, () => undefined);
  await store.open();
  assert.deepEqual(store.view.value.marks, { delivered: 1, read: 1, seen: 0 });
  assert.deepEqual(sent, [{ type: "open", thread: "t", after: 2 }]);
});
