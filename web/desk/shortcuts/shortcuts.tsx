import { lazy, useEffect, useRef, useState } from "react";
import { useDesk } from "../live/desk.ts";
import { useRoute } from "../route.ts";
import { Deferred } from "../ui/deferred.tsx";
import { useSignal } from "../ui/signal.ts";
import { givenKeys, isPossible, onOrder, run, type Command } from "./commands.ts";
import { bindings, commandOf, keysOf, types } from "./keys.ts";

const CommandMenu = lazy(() => import("./command-menu.tsx"));
const Help = lazy(() => import("./help.tsx"));

/** Where keys belong to what is open: dialogs, menus, and the field that learns a new combination. */
const own = "[role=dialog], [role=alertdialog], [role=menu], [role=listbox], [data-own-keys]";
const writable = "input, textarea, select, [contenteditable=true]";

/** Listens to the keys of the page, and draws the command menu and the help. */
export function Shortcuts() {
  const desk = useDesk();
  const route = useRoute();
  const { shortcuts } = useSignal(desk.me).preferences;
  const [shown, setShown] = useState<"menu" | "help" | null>(null);
  const open = route.page === "threads" ? route.thread : undefined;
  const start = (command: Command) => {
    if (command === "menu" || command === "help") setShown(command);
    else if (isPossible(desk, command, open)) run(desk, command, open);
    else return false;
    return true;
  };
  const now = useRef(start);
  now.current = start;

  useEffect(() => onOrder((command) => now.current(command)), []);
  useEffect(() => {
    if (shortcuts?.off) return;
    const all = bindings<Command>(givenKeys, shortcuts?.keys);
    const hear = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : document.body;
      const keys = keysOf(event);
      const command = commandOf(all, keys);
      if (!command || event.repeat || event.defaultPrevented || event.isComposing || document.querySelector("[role=alertdialog], .veil") || target.closest(own)) return;
      if ((types(keys) || keys === "Escape") && target.closest(writable)) return;
      if (now.current(command)) {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    // Escape first belongs to what is open; everything else comes before fields that keep keys to themselves.
    const first = (event: KeyboardEvent) => event.code !== "Escape" && hear(event);
    const last = (event: KeyboardEvent) => event.code === "Escape" && hear(event);
    addEventListener("keydown", first, true);
    addEventListener("keydown", last);
    return () => {
      removeEventListener("keydown", first, true);
      removeEventListener("keydown", last);
    };
  }, [shortcuts]);

  const close = () => setShown(null);
  // After the dialog is gone, so that its giving back of the focus does not undo what the command does to it.
  const later = (work: () => void) => {
    close();
    setTimeout(work, 50);
  };
  return (
    <Deferred place="notices" waiting={null}>
      {shown === "menu" ? <CommandMenu open={open} onCommand={(command) => later(() => now.current(command))} onGo={later} onClose={close} /> : shown === "help" ? <Help onClose={close} /> : null}
    </Deferred>
  );
}
