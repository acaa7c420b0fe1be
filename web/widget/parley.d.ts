/** The page's side of Parley's chat widget. Copy this file into a TypeScript project that embeds the widget. */

export type Unsubscribe = () => void;

/** What a page may say at the start. Every key of `GET /v1/web/{id}` may be given too and wins over the server's value. */
export interface WidgetOptions {
  /** The integration to talk to. */
  integrationId: string;
  /** Accepted for pages written for Moveo; nothing depends on it. */
  version?: string;
  /** Shows the chat inside this element (or the first that matches the selector) instead of behind a launcher. */
  element?: HTMLElement | string;
  /** The server, as in `https://chat.example`. Default: where the script came from. */
  baseUrl?: string;
  /** `en` or `ru`. Default: the browser's language. */
  locale?: string;
  /** Default `auto`: as the visitor's system says. */
  colorScheme?: ColorScheme;
  position?: "left" | "right";
  /** Where the conversation is remembered: `local` (default), `session` (this tab) or `memory` (this page). */
  storage?: "local" | "session" | "memory";
  /** Nothing is stored in the visitor's browser; the same as `storage: "memory"`. */
  cookieless?: boolean;
  /** A short tone for messages that come while the chat is closed. Default: off. */
  sound?: boolean;
  /** Hides the launcher until `showBubble()` or `open()`. */
  hideBubble?: boolean;
  /** A JWT of the visitor, or a function that gets a fresh one whenever it is needed. */
  identityToken?: string | TokenSource;
  /** Merged into the context when the session begins. */
  context?: Record<string, unknown>;
  [configuration: string]: unknown;
}

export type ColorScheme = "auto" | "light" | "dark";
export type TokenSource = () => string | Promise<string>;

export interface Visitor {
  name?: string;
  email?: string;
  phone?: string;
  avatar?: string;
  /** A JWT that proves who this is; without it the server takes the rest as the visitor's own word. */
  token?: string;
}

export interface OutgoingMessage {
  text: string;
}

/** What happens in the chat, by name. */
export interface WidgetEvents {
  ready: Record<string, never>;
  open: Record<string, never>;
  close: Record<string, never>;
  sessionCreated: { session_id: string; context: Record<string, unknown>; predecessor_id?: string };
  sessionClosed: { session_id: string; reason?: string; successor_id?: string };
  contextUpdated: { context: Record<string, unknown>; version?: number; ignored?: string[] };
  /** A message that a bot, an agent or the visitor has said. */
  message: { author: "bot" | "agent" | "user"; text: string; message_id?: string; agent_name?: string };
  handover: { status: string; position?: number };
  agentJoined: { agent_id?: string; agent_name?: string };
  agentLeft: { agent_id?: string; agent_name?: string };
  conversationClosed: { keep_alive: number };
  conversationReopened: Record<string, never>;
  rated: { rating: number };
  unread: { count: number };
  error: { code: string; message: string };
}

export interface WidgetInstance {
  /** The names of the Moveo facade (moveo c.5). */
  openWindow(): void;
  closeWindow(): void;
  sendMessage(message: OutgoingMessage | string): void;
  updateContext(patch: Record<string, unknown>): void;
  destroy(): void;
  setCSSVariables(variables: Record<string, string>): void;
  setLocale(locale: string): void;
  onSessionCreated(heard: (event: WidgetEvents["sessionCreated"]) => void): Unsubscribe;
  onSessionClosed(heard: (event: WidgetEvents["sessionClosed"]) => void): Unsubscribe;
  onMessage(heard: (event: WidgetEvents["message"]) => void): Unsubscribe;
  onOpen(heard: (event: WidgetEvents["open"]) => void): Unsubscribe;
  onClose(heard: (event: WidgetEvents["close"]) => void): Unsubscribe;

  /** The names that other widgets have in common. */
  open(): void;
  close(): void;
  toggle(): void;
  showBubble(): void;
  hideBubble(): void;
  /** Says who the visitor is. A bare identifier proves nothing: pass a token for that. */
  setUser(identifier: string, visitor?: Visitor): void;
  /** Begins a session that belongs to the person the token names. */
  loginUser(token: string | TokenSource): void;
  /** Forgets the person, the session and what was written on this device. */
  logout(): void;
  reset(): void;
  /** Attributes of the person: `context.custom_fields`. */
  setCustomAttributes(attributes: Record<string, unknown>): void;
  deleteCustomAttribute(name: string): void;
  /** Attributes of the conversation: variables of the context. */
  setConversationAttributes(attributes: Record<string, unknown>): void;
  deleteConversationAttribute(name: string): void;
  setTags(tags: string[]): void;
  addTag(tag: string): void;
  removeTag(tag: string): void;
  setColorScheme(scheme: ColorScheme): void;
  /** Opens the chat in a window of its own; call it from a click. */
  popout(): void;
  /** Goes on with the session of this id, which another device or page has begun. */
  resume(session: string): void;
  on<Name extends keyof WidgetEvents>(name: Name, heard: (event: WidgetEvents[Name]) => void): Unsubscribe;
  /** How many messages the visitor has not seen. */
  readonly unread: number;
  readonly isOpen: boolean;
  /** The session's id, once there is one. */
  readonly session: string | undefined;
}

/** `window.Parley`: a function, so that calls can be kept before the script has loaded. */
export interface ParleyGlobal {
  (command: "init", options: WidgetOptions): Promise<WidgetInstance>;
  (command: keyof WidgetInstance, ...args: unknown[]): unknown;
  q?: unknown[];
  instance?: WidgetInstance;
}

/** `window.MoveoAI`. */
export interface MoveoGlobal {
  init(options: WidgetOptions): Promise<WidgetInstance>;
  q?: unknown[];
  instance?: WidgetInstance;
}

declare global {
  interface Window {
    MoveoAI?: MoveoGlobal;
    Parley?: ParleyGlobal;
  }
}
