import { inkOn } from "../loader/launcher.ts";
import type { ColorScheme } from "../parley.d.ts";
import type { Configuration } from "../protocol.ts";

const root = document.documentElement;

/** Colours of the integration. They are set through the object model, which a strict style-src allows. */
export function paint(c: Configuration): void {
  set("--moveo-accent-color", c.accent_color);
  set("--moveo-on-accent-color", inkOn(c.accent_color));
  if (c.background_color && !/^#f{3,6}$/i.test(c.background_color)) {
    set("--moveo-background-color", c.background_color);
    set("--moveo-text-color", inkOn(c.background_color));
  }
}

export function setScheme(scheme: ColorScheme): void {
  root.dataset.scheme = scheme;
}

export function setVariables(variables: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (name.startsWith("--moveo-") && typeof value === "string") root.style.setProperty(name, value);
  }
  const accent = variables["--moveo-accent-color"];
  if (typeof accent === "string" && !("--moveo-on-accent-color" in variables)) set("--moveo-on-accent-color", inkOn(accent));
}

function set(name: string, color: string): void {
  if (CSS.supports("color", color)) root.style.setProperty(name, color);
}
