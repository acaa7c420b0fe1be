import assert from "node:assert/strict";
import { test } from "node:test";
import { addTags, at, fields, moved, newPath, patchOf, sectionOf, tagsOf, textOf, valueOf } from "./context-patch.ts";

const document = {
  user: { user_id: "u1", display_name: "Ada", phone: "***", address: { city: "London", zip: null } },
  global: {}, tags: ["vip", 7], channels: { custom: { external_session_id: "x" } }, "sys-channel": "web", order: { id: 7, open: true }, list: [1, 2], nothing: {},
};

test("a document becomes fields by section, masks and locks told", () => {
  const found = fields(document, ["user.phone", "order"]);
  const line = (place: string) => found.find((field) => field.path.join(".") === place)!;
  assert.deepEqual(found.map((field) => field.path.join(".")), ["user.user_id", "user.display_name", "user.phone", "user.address.city", "user.address.zip", "channels.custom.external_session_id", "sys-channel", "order.id", "order.open", "list", "nothing"]);
  assert.deepEqual(line("user.address.zip"), { path: ["user", "address", "zip"], section: "user", kind: "empty", value: null, masked: false, locked: false });
  assert.ok(line("user.user_id").locked && line("sys-channel").locked && line("channels.custom.external_session_id").locked);
  assert.ok(line("user.phone").masked && !line("user.display_name").masked);
  assert.ok(line("order.id").masked, "what is under a masked place is masked");
  assert.equal(line("list").kind, "json");
  assert.deepEqual(tagsOf(document), ["vip", "7"]);
  assert.deepEqual(tagsOf({}), []);
  assert.equal(sectionOf("account"), "custom");
});

test("a text becomes a value of its kind, or none", () => {
  assert.equal(valueOf("text", " 7 "), " 7 ");
  assert.equal(valueOf("number", " 7.5 "), 7.5);
  for (const bad of ["", " ", "x", "1e999", "NaN"]) assert.equal(valueOf("number", bad), undefined, bad);
  assert.equal(valueOf("boolean", "false"), false);
  assert.equal(valueOf("boolean", "no"), undefined);
  assert.equal(valueOf("empty", "whatever"), null);
  assert.deepEqual(valueOf("json", "[1]"), [1]);
  for (const bad of ["", "7", "\"x\"", "null", "{"]) assert.equal(valueOf("json", bad), undefined, bad);
  assert.equal(textOf({ a: 1 }), "{\n  \"a\": 1\n}");
  assert.equal(textOf(false), "false");
  assert.equal(textOf(null), "");
});

test("a patch names one place only", () => {
  assert.deepEqual(patchOf(["user", "address", "city"], "Oslo"), { user: { address: { city: "Oslo" } } });
  assert.deepEqual(patchOf(["order"], null), { order: null });
  assert.equal(at(document, ["user", "address", "city"]), "London");
  assert.equal(at(document, ["user", "nobody", "city"]), undefined);
  assert.equal(at({}, ["constructor"]), undefined);
});

test("only a place that changed is a conflict", () => {
  assert.equal(moved({ a: 1 }, { a: 1 }), false);
  assert.equal(moved("x", "y"), true);
  assert.equal(moved(undefined, null), true);
});

test("new keys are checked before they are sent", () => {
  assert.deepEqual(newPath(document, "user", "address.street"), ["user", "address", "street"]);
  assert.deepEqual(newPath(document, "custom", "plan"), ["plan"]);
  assert.equal(newPath(document, "custom", "order"), "taken");
  assert.equal(newPath(document, "user", "display_name.first"), "taken");
  assert.equal(newPath(document, "custom", ""), "empty");
  assert.equal(newPath(document, "custom", "a..b"), "empty");
  for (const bad of ["user.x", "tags", "sys-x", "a.__proto__", "constructor"]) assert.equal(newPath(document, "custom", bad), "reserved", bad);
  assert.equal(newPath(document, "user", "user_id"), "reserved");
  assert.equal(newPath({ user: {} }, "user", "custom_psid"), "reserved");
});

test("tags stand once", () => {
  assert.deepEqual(addTags(["vip"], " new, vip ,, other"), ["vip", "new", "other"]);
});
