import type { Tab } from "../api/types.ts";
import type { Desk } from "../live/desk.ts";
import { navigate, type Route } from "../route.ts";
import type { Word } from "../words/words.tsx";
import type { Keys } from "./keys.ts";

/** The keys that commands have until somebody changes them: Chatwoot's letters (guarantees 3.1), a menu and a help. */
export const givenKeys = {
  next: "Alt+KeyJ",
  previous: "Alt+KeyK",
  reply: "Alt+KeyL",
  note: "Alt+KeyP",
  attach: "Mod+Alt+KeyA",
  claim: "",
  transfer: "",
  return: "",
  snooze: "Alt+KeyM",
  wake: "",
  resolve: "Alt+KeyE",
  resolve_next: "Mod+Alt+KeyE",
  reopen: "",
  take: "",
  panel: "Alt+KeyO",
  shut: "Escape",
  menu: "Mod+KeyK",
  help: "Shift+Slash",
  tab: "Alt+KeyN",
  threads: "Alt+KeyC",
  search: "",
  reports: "Alt+KeyR",
  settings: "Alt+KeyS",
} as const satisfies Record<string, Keys>;

export type Command = keyof typeof givenKeys;

export const inThread: Command[] = ["next", "previous", "reply", "note", "attach", "claim", "transfer", "return", "snooze", "wake", "resolve", "resolve_next", "reopen", "take", "panel", "shut"];
export const inDesk: Command[] = ["menu", "help", "tab", "threads", "search", "reports", "settings"];

const words: Partial<Record<Command, Word>> = {
  claim: "claim", transfer: "transfer", return: "return_to_bot", snooze: "snooze", wake: "wake", resolve: "resolve", reopen: "reopen", take: "take_over",
};

export function wordOf(command: Command): Word {
  return words[command] ?? (`command_${command}` as Word);
}

const tabs: Tab[] = ["mine", "unassigned", "all"];
const places: Partial<Record<Command, Route>> = {
  threads: { page: "threads" }, search: { page: "search", query: "" }, reports: { page: "reports" }, settings: { page: "settings", part: "me" },
};

/** The button of the page that does a command: a key can do what a press can, and nothing else. */
function button(command: Command): HTMLElement | null {
  const found = document.querySelector<HTMLElement>(`[data-command="${command === "resolve_next" ? "resolve" : command}"]`);
  return found && !found.matches(":disabled, [data-disabled], [aria-disabled=true]") ? found : null;
}

/** Whether a command can be done where one is. */
export function isPossible(desk: Desk, command: Command, open: string | undefined): boolean {
  if (command === "next" || command === "previous") return neighbour(desk, open, command === "next" ? 1 : -1) !== undefined;
  if (command === "reports") return desk.may("manage");
  if (command === "shut") return open !== undefined;
  return inDesk.includes(command) || button(command) !== null;
}

/** The thread before or after the open one in the list; without an open one the first or the last. */
function neighbour(desk: Desk, open: string | undefined, step: 1 | -1): string | undefined {
  const { rows } = desk.list.view.value;
  const at = rows.findIndex((row) => row.id === open);
  return (at < 0 ? rows.at(step === 1 ? 0 : -1) : rows[at + step])?.id;
}

/** Does a command, except opening the menu and the help, which are drawn elsewhere. */
export function run(desk: Desk, command: Command, open: string | undefined): void {
  const goTo = (thread: string | undefined) => thread && navigate({ page: "threads", thread });
  const place = places[command];
  if (place) return navigate(place);
  switch (command) {
    case "next":
    case "previous":
      goTo(neighbour(desk, open, command === "next" ? 1 : -1));
      break;
    case "tab": {
      const { filter } = desk.list.view.value;
      desk.filter({ ...filter, tab: tabs[(tabs.indexOf(filter.tab) + 1) % tabs.length]! });
      break;
    }
    case "shut":
      navigate({ page: "threads" });
      break;
    case "resolve_next": {
      const next = neighbour(desk, open, 1) ?? neighbour(desk, open, -1);
      button("resolve")?.click();
      goTo(next);
      break;
    }
    case "reply":
    case "note":
      button(command)?.click();
      document.querySelector<HTMLElement>("[data-composer]")?.focus();
      break;
    default:
      button(command)?.click();
  }
}

const ordered = "parley:command";

/** Asks for a command from anywhere on the page. */
export function order(command: Command): void {
  dispatchEvent(new CustomEvent(ordered, { detail: command }));
}

export function onOrder(hear: (command: Command) => void): () => void {
  const heard = (event: Event) => hear((event as CustomEvent<Command>).detail);
  addEventListener(ordered, heard);
  return () => removeEventListener(ordered, heard);
}
