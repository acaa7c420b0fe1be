import type { Counts, DeskEvent, Presence, PublicAgent, Row, Tab } from "../api/types.ts";

/** What the server says on the live connection. */
export type ServerFrame =
  | { type: "hello"; cursor: number; boot: string }
  | { type: "row"; cursor: number; thread: Row }
  | { type: "removed"; cursor: number; id: string }
  | { type: "reset"; thread?: string }
  | { type: "event"; thread: string; event: DeskEvent }
  | { type: "typing"; thread: string; author: "user" | "agent"; agent?: PublicAgent; action: "start" | "stop"; text?: string }
  | { type: "viewing"; thread: string; agents: PublicAgent[] }
  | { type: "presence"; agent_id: string; presence: Presence }
  | { type: "counts"; counts: Counts }
  | { type: "checksum"; tab: Tab; count: number; hash: string }
  | { type: "error"; frame?: string; thread?: string; code: string; field?: string; message: string }
  | { type: "signed_out" }
  | { type: "ping" };

/** What the page says. */
export type PageFrame =
  | { type: "list"; after?: number; boot?: string }
  | { type: "open"; thread: string; after: number }
  | { type: "shut"; thread: string }
  | { type: "typing"; thread: string; action: "start" | "stop" }
  | { type: "pong" };
