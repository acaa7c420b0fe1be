import type { WidgetEvents, WidgetOptions } from "./parley.d.ts";

/** What `GET /v1/web/{id}` tells (moveo a.13), as far as the widget uses it. */
export interface Configuration {
  session_timeout: number;
  domains: string[];
  name: string;
  avatar: string;
  header_title: string;
  icon_size: string;
  window_size: string;
  show_powered_by: boolean;
  accent_color: string;
  background_color: string;
  welcome_message: string;
  welcome_trigger_message: string;
  optional_fields: string[];
  required_fields: string[];
  theme: string;
  widget_position: string;
  widget_alignment: string;
  auto_open: boolean;
  focus_trap: boolean;
  sticky_session: boolean;
  bubble_image: string;
  language: string;
  show_survey: boolean;
  file_upload: boolean;
  rate_responses: boolean;
}

/** Sent by the page: a call of the instance. Functions cannot cross, so a token source is asked by `token`. */
export interface Call {
  parley: "call";
  name: string;
  args: unknown[];
}

/** Options as they cross to the frame. */
export type FrameOptions = WidgetOptions & { identity: boolean; kept: Record<string, string> };

/** Sent by the frame. */
export type Report =
  | { parley: "event"; name: keyof WidgetEvents; data: unknown }
  | { parley: "loaded" }
  | { parley: "shut" }
  | { parley: "keep"; key: string; value: string | null }
  | { parley: "token"; id: number };

export function isParley(value: unknown): value is { parley: string } {
  return typeof value === "object" && value !== null && typeof (value as { parley?: unknown }).parley === "string";
}
