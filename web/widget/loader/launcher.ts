import type { Configuration } from "../protocol.ts";
import { style } from "./style.ts";
import { wordsOf, type Words } from "./words.ts";

const svg = "http://www.w3.org/2000/svg";
const bubble = "M4 5h16v11H10l-5 4v-4H4z";
const cross = "M6 6l12 12M18 6L6 18";

/** The button in the corner and the place where the frame appears. */
export class Launcher {
  readonly host = document.createElement("parley-chat");
  readonly button = document.createElement("button");
  frame: HTMLIFrameElement | undefined;
  private readonly root = this.host.attachShadow({ mode: "open" });
  private readonly badge = document.createElement("span");
  private readonly path = document.createElementNS(svg, "path");
  private readonly watch = new MutationObserver(() => this.attach());
  private words: Words = wordsOf("en");
  private unread = 0;
  private open = false;

  constructor(private readonly home: Element | undefined) {
    if (document.adoptedStyleSheets) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      this.root.adoptedStyleSheets = [sheet];
    } else {
      this.root.appendChild(document.createElement("style")).textContent = style;
    }
    this.host.toggleAttribute("data-inline", home !== undefined);
    const icon = document.createElementNS(svg, "svg");
    icon.setAttribute("viewBox", "0 0 24 24");
    icon.setAttribute("aria-hidden", "true");
    icon.appendChild(this.path);
    this.badge.className = "badge";
    this.badge.setAttribute("aria-hidden", "true");
    this.button.type = "button";
    this.button.setAttribute("aria-haspopup", "dialog");
    this.button.append(icon, this.badge);
    this.root.append(this.button);
    this.draw();
  }

  /** Puts the launcher on the page and keeps it there when the page's own script replaces the body. */
  show(): void {
    this.attach();
    this.watch.observe(document.documentElement, { childList: true });
    if (!this.home) return;
    this.watch.observe(document.body, { childList: true, subtree: true });
  }

  focus(): void {
    this.frame!.focus();
  }

  /** Gives the frame the focus anew, if it has it: what got it before its page had come may show it and get no keys. */
  regain(): void {
    if (this.root.activeElement !== this.frame) return;
    this.frame!.blur();
    this.focus();
  }

  remove(): void {
    this.watch.disconnect();
    this.host.remove();
  }

  configure(c: Partial<Configuration>, locale: string, position?: string): void {
    this.words = wordsOf(locale);
    const css = this.host.style;
    if (c.accent_color && CSS.supports("color", c.accent_color)) {
      css.setProperty("--accent", c.accent_color);
      css.setProperty("--ink", inkOn(c.accent_color));
    }
    css.setProperty("--size", { small: "48px", large: "64px" }[c.icon_size ?? ""] ?? "56px");
    const [w, h] = { small: [340, 520], large: [440, 740] }[c.window_size ?? ""] ?? [380, 620];
    css.setProperty("--w", `${w}px`);
    css.setProperty("--h", `${h}px`);
    const side = position ?? c.widget_position ?? c.widget_alignment ?? "";
    this.host.dataset.side = side.includes("left") ? "left" : "right";
    if (c.bubble_image && /^(https?:|\/(?!\/))/.test(c.bubble_image) && !this.root.querySelector("img")) {
      const picture = document.createElement("img");
      picture.alt = "";
      picture.src = c.bubble_image;
      this.button.firstElementChild!.replaceWith(picture);
    }
    if (this.frame) this.frame.title = c.header_title || c.name || this.words.title;
    this.draw();
  }

  /** Makes the frame, hidden; its page begins to load. */
  load(url: string, title: string): HTMLIFrameElement {
    const frame = document.createElement("iframe");
    frame.title = title || this.words.title;
    frame.allow = "clipboard-write";
    frame.hidden = !this.open;
    frame.src = url;
    this.root.insertBefore(frame, this.button);
    this.frame = frame;
    return frame;
  }

  setOpen(open: boolean): void {
    this.open = open;
    this.host.toggleAttribute("data-open", open);
    if (this.frame) this.frame.hidden = !open;
    this.draw();
  }

  setUnread(count: number): void {
    this.unread = count;
    this.draw();
  }

  private attach(): void {
    if (this.host.isConnected) return;
    // The root element outlives the body, which Turbo and its like replace.
    (this.home ?? document.documentElement).appendChild(this.host);
  }

  private draw(): void {
    const { button, badge, words, unread, open } = this;
    const name = open ? words.close : words.open;
    button.setAttribute("aria-label", unread && !open ? `${name}, ${words.unread(unread)}` : name);
    button.setAttribute("aria-expanded", String(open));
    this.path.setAttribute("d", open ? cross : bubble);
    badge.hidden = open || unread === 0;
    badge.textContent = unread > 99 ? "99+" : String(unread);
  }
}

/** Black or white, whichever reads better on a colour. */
export function inkOn(color: string): string {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color.trim())?.[1];
  if (!hex) return "#fff";
  const full = hex.length === 3 ? hex.replace(/./g, "$&$&") : hex;
  const [r, g, b] = [0, 2, 4].map((at) => {
    const c = parseInt(full.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  return 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? "#fff" : "#000";
}
