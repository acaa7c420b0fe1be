import assert from "node:assert/strict";
import { test } from "node:test";
import { findTrigger, mentioned, replaceTrigger } from "./trigger.ts";

test("a slash begins a line, an @ begins a word", () => {
  assert.deepEqual(findTrigger("/re", 3, "/"), { mark: "/", word: "re", from: 0, to: 3 });
  assert.deepEqual(findTrigger("hi\n/", 4, "/"), { mark: "/", word: "", from: 3, to: 4 });
  assert.equal(findTrigger("and/or", 6, "/"), null);
  assert.equal(findTrigger("/re fund", 8, "/"), null);
  assert.deepEqual(findTrigger("ask @an", 7, "@/"), { mark: "@", word: "an", from: 4, to: 7 });
  assert.equal(findTrigger("mail a@b", 8, "@"), null);
  assert.equal(findTrigger("@an", 3, "/"), null);
});

test("the choice takes the place of the mark and the word", () => {
  const trigger = findTrigger("ask @an please", 7, "@")!;
  assert.deepEqual(replaceTrigger("ask @an please", trigger, "@Ann"), ["ask @Ann please", 8]);
  assert.deepEqual(replaceTrigger("ask @an", findTrigger("ask @an", 7, "@")!, "@Ann"), ["ask @Ann ", 9]);
});

test("mentions are the names in the text", () => {
  assert.deepEqual(mentioned("@Ann Lee and @Bob", [{ id: "1", name: "Ann Lee" }, { id: "2", name: "Bob" }, { id: "3", name: "Cy" }, { id: "4", name: "" }]), ["1", "2"]);
});
