import assert from "node:assert/strict";
import { test } from "node:test";
import { ariaKeys, bindings, commandOf, conflict, isReserved, keysOf, showKeys, types } from "./keys.ts";

const press = (code: string, held = "", altGraph = false) => ({
  code, ctrlKey: held.includes("c"), metaKey: held.includes("m"), altKey: held.includes("a"), shiftKey: held.includes("s"), getModifierState: (key: string) => key === "AltGraph" && altGraph,
});

test("a combination is told by physical keys, whatever the layout types", () => {
  assert.equal(keysOf({ ...press("KeyJ", "a"), key: "о" } as never), "Alt+KeyJ");
  assert.equal(keysOf(press("KeyE", "ca")), "Mod+Alt+KeyE");
  assert.equal(keysOf(press("KeyE", "ma")), "Mod+Alt+KeyE");
  assert.equal(keysOf(press("Slash", "s")), "Shift+Slash");
  assert.equal(keysOf(press("AltLeft", "a")), "");
  assert.equal(keysOf(press("")), "");
});

test("AltGr types a letter and is no shortcut", () => {
  assert.equal(keysOf(press("KeyE", "ca", true)), "");
});

test("what types is told from what does not", () => {
  for (const keys of ["KeyJ", "Shift+Slash", "Digit1"]) assert.equal(types(keys), true, keys);
  for (const keys of ["", "Alt+KeyJ", "Mod+KeyK", "Escape", "F2", "Mod+Alt+KeyE"]) assert.equal(types(keys), false, keys);
});

test("own keys go over the given ones; nonsense does not", () => {
  const given = { next: "Alt+KeyJ", resolve: "Alt+KeyE" };
  assert.deepEqual(bindings(given), given);
  assert.deepEqual(bindings(given, { next: "Alt+KeyX", other: "KeyQ" }), { next: "Alt+KeyX", resolve: "Alt+KeyE" });
  assert.deepEqual(bindings(given, { resolve: "" }), { next: "Alt+KeyJ", resolve: "" });
  for (const bad of [7, null, "alt j", "Shift+Alt+KeyJ", "Mod+KeyC", "Tab", "AltLeft", "x".repeat(99)]) assert.deepEqual(bindings(given, { next: bad }), given, String(bad));
});

test("a command is found by its keys, a conflict by another command", () => {
  const all = { next: "Alt+KeyJ", resolve: "Alt+KeyE", off: "" };
  assert.equal(commandOf(all, "Alt+KeyE"), "resolve");
  assert.equal(commandOf(all, "Alt+KeyQ"), undefined);
  assert.equal(commandOf(all, ""), undefined);
  assert.equal(conflict(all, "next", "Alt+KeyE"), "resolve");
  assert.equal(conflict(all, "next", "Alt+KeyJ"), undefined);
  assert.equal(conflict(all, "next", ""), undefined);
});

test("the keys of fields, of the clipboard and of the browser stay theirs", () => {
  for (const keys of ["Tab", "Shift+Tab", "Enter", "Space", "ArrowDown", "Mod+KeyC", "Mod+Enter", "Mod+KeyW"]) assert.equal(isReserved(keys), true, keys);
  for (const keys of ["Mod+KeyK", "Alt+KeyJ", "Alt+ArrowDown", "KeyJ", "Mod+Alt+KeyA"]) assert.equal(isReserved(keys), false, keys);
});

test("keys are shown as they stand on the keyboard", () => {
  assert.equal(showKeys("Mod+Alt+KeyE", false), "Ctrl+Alt+E");
  assert.equal(showKeys("Mod+Alt+KeyE", true), "⌘⌥E");
  assert.equal(showKeys("Shift+Slash", false), "?");
  assert.equal(showKeys("Alt+Digit1", false), "Alt+1");
  assert.equal(ariaKeys("Mod+Alt+KeyE", true), "Meta+Alt+E");
  assert.equal(ariaKeys("Escape", false), "Escape");
});
