import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dictionary, Entry } from "../../shared/language.ts";
import { en } from "./en.ts";
import { ru } from "./ru.ts";

const texts = (entry: Entry): string[] => (typeof entry === "string" ? [entry] : Object.values(entry).filter((text) => text !== undefined));
const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort().join();

test("both languages say the same things with the same arguments", () => {
  const other: Dictionary = ru;
  assert.deepEqual(Object.keys(ru).sort(), Object.keys(en).sort());
  for (const [key, entry] of Object.entries(en as Dictionary)) {
    const wanted = names(texts(entry)[0]!);
    for (const text of [...texts(entry), ...texts(other[key]!)]) {
      assert.ok(text.trim() !== "", key);
      assert.equal(names(text), wanted, key);
    }
  }
});

test("Russian texts are Russian", () => {
  for (const [key, entry] of Object.entries(ru as Dictionary)) {
    assert.match(texts(entry).join(" ").replace(/\{\w+\}/g, ""), /[а-яё]/i, key);
  }
});
