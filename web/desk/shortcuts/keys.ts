/**
 * A combination of keys as text: modifiers in the order Mod, Alt, Shift and the physical key by its code, such as
 * "Alt+KeyJ" or "Mod+Alt+KeyE". Mod is Ctrl, or Cmd on a Mac. "" is no combination.
 */
export type Keys = string;

/** What of a keyboard event a combination is made of. */
export interface Pressed {
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  getModifierState?: (key: string) => boolean;
}

const modifierCodes = /^(Alt|Control|Shift|Meta|OS|CapsLock|Fn)/;

/** The combination of an event; "" for a modifier alone, and for AltGr, which types letters and tells itself as Ctrl+Alt. */
export function keysOf(event: Pressed): Keys {
  if (event.code === "" || modifierCodes.test(event.code) || event.getModifierState?.("AltGraph")) return "";
  return [event.ctrlKey || event.metaKey ? "Mod" : "", event.altKey ? "Alt" : "", event.shiftKey ? "Shift" : "", event.code].filter(Boolean).join("+");
}

/** Whether a combination would type something: it must not work while one writes. */
export function types(keys: Keys): boolean {
  return keys !== "" && !keys.includes("Alt+") && !keys.includes("Mod+") && !/(^|\+)(Escape|F\d+)$/.test(keys);
}

/** Combinations that belong to the page, the browser or its fields whatever one wishes. */
const reserved = /^(Shift\+)?(Tab|Enter|NumpadEnter|Space|Arrow\w+|Backspace|Delete|Home|End|PageUp|PageDown)$|^Mod\+(Shift\+)?Key[ACVXZNTWRQ]$|^Mod\+(Enter|NumpadEnter)$/;

export function isReserved(keys: Keys): boolean {
  return reserved.test(keys);
}

/** The keys of every command: what the person chose over what is given; "" is off. Unknown commands and broken texts are left out. */
export function bindings<C extends string>(given: Record<C, Keys>, chosen: Record<string, unknown> = {}): Record<C, Keys> {
  const all = { ...given };
  for (const command of Object.keys(given) as C[]) {
    const own = chosen[command];
    if (typeof own === "string" && (own === "" || (isKeys(own) && !isReserved(own)))) all[command] = own;
  }
  return all;
}

function isKeys(text: string): boolean {
  return /^(Mod\+)?(Alt\+)?(Shift\+)?[A-Z][A-Za-z0-9]{0,30}$/.test(text) && !modifierCodes.test(text.slice(text.lastIndexOf("+") + 1));
}

/** The command that a combination stands for. */
export function commandOf<C extends string>(all: Record<C, Keys>, keys: Keys): C | undefined {
  return keys === "" ? undefined : (Object.keys(all) as C[]).find((command) => all[command] === keys);
}

/** Which other command has these keys already. */
export function conflict<C extends string>(all: Record<C, Keys>, command: C, keys: Keys): C | undefined {
  return keys === "" ? undefined : (Object.keys(all) as C[]).find((other) => other !== command && all[other] === keys);
}

const named: Record<string, string> = {
  Slash: "/", Backslash: "\\", Comma: ",", Period: ".", Semicolon: ";", Quote: "'", BracketLeft: "[", BracketRight: "]", Minus: "-", Equal: "=", Backquote: "`", Escape: "Esc",
  ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→",
};

/** The combination as it stands on the keys. */
export function showKeys(keys: Keys, mac: boolean): string {
  if (keys === "Shift+Slash") return "?";
  const parts = keys.split("+").map((part) => {
    if (part === "Mod") return mac ? "⌘" : "Ctrl";
    if (part === "Alt") return mac ? "⌥" : "Alt";
    if (part === "Shift") return mac ? "⇧" : "Shift";
    return named[part] ?? part.replace(/^(Key|Digit)/, "");
  });
  return parts.join(mac ? "" : "+");
}

/** The combination for machines, as aria-keyshortcuts wants it. */
export function ariaKeys(keys: Keys, mac: boolean): string {
  return keys.replace("Mod", mac ? "Meta" : "Control").replace(/(Key|Digit)(?=.$)/, "");
}

export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}
