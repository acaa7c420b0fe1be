import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces } from "./highlight.ts";

const shown = (text: string, marks: [number, number][] | null) => pieces({ text, marks }).map((p) => (p.marked ? `[${p.text}]` : p.text)).join("|");

test("marks part a text", () => {
  assert.equal(shown("where is my parcel", [[0, 5], [12, 18]]), "[where]| is my |[parcel]");
  assert.equal(shown("plain", null), "plain");
  assert.equal(shown("", [[0, 0]]), "");
  assert.equal(shown("😀 мир", [[3, 6]]), "😀 |[мир]"); // a face is two units
});

test("whatever the marks say, the pieces make the text", () => {
  for (const marks of [[[2, 9], [0, 3]], [[0, 99]], [[5, 2]], [[9, 12]], [[-2, 1]], [[1, 1]]] as [number, number][][]) {
    assert.equal(pieces({ text: "abcdef", marks }).map((p) => p.text).join(""), "abcdef", JSON.stringify(marks));
  }
});

test("markup in a text stays text", () => {
  assert.equal(shown("<b>x</b>", [[3, 4]]), "<b>|[x]|</b>");
});
