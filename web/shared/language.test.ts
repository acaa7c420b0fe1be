import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseLanguage, translator } from "./language.ts";

test("a wish comes before the browser, and English is the rest", () => {
  assert.equal(chooseLanguage("ru-RU", ["en"]), "ru");
  assert.equal(chooseLanguage("", ["fr", "ru"]), "ru");
  assert.equal(chooseLanguage("fr", ["ru"]), "en");
});

test("numbers choose their forms", () => {
  const t = translator("ru", { n: { one: "{n} чат", few: "{n} чата", many: "{n} чатов", other: "{n} чата" }, hello: "Привет, {name}" });
  assert.deepEqual([1, 2, 5, 21].map((n) => t("n", { n })), ["1 чат", "2 чата", "5 чатов", "21 чат"]);
  assert.equal(t("hello", { name: "$& {x}" }), "Привет, $& {x}");
});
