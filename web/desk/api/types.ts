import type { Response } from "../../shared/reply.tsx";

/** Shapes of the desk's API. Times are milliseconds since 1970; ids are strings. */
export type Permission = "read" | "answer" | "manage" | "admin";
export type Role = "admin" | "manager" | "agent" | "viewer";
export type Presence = "online" | "busy" | "offline";

export interface Agent {
  id: string;
  email: string;
  name: string;
  avatar: string;
  role: Role;
  capacity: number;
  departments: string[];
  presence: Presence;
  auto_away: boolean;
  active: boolean;
  created_at: number;
  invited?: boolean; // the link is not used yet
}

/** What a person set for the own desk; kept by the server as it is. */
export interface Preferences {
  theme?: "auto" | "light" | "dark";
  send?: "enter" | "mod_enter";
  sound?: boolean;
  shortcuts?: { off?: boolean; keys?: Record<string, string> };
  panel?: "open" | "shut";
  notify?: boolean; // by the system, while the page is hidden
  motion?: "auto" | "reduced";
}

export interface Me {
  agent: Agent;
  permissions: Permission[];
  locale: string;
  preferences: Preferences;
  totp: boolean;
}

export interface SignInState {
  setup: boolean;
  oidc: { name: string } | null;
}

export interface Invitation {
  email: string;
  name: string;
  role: Role;
  setup: boolean;
}

export interface AuditEntry {
  id: number;
  at: number;
  agent: string;
  action: string;
  subject: string;
  detail: string;
  address: string;
}

export interface PublicAgent {
  agent_id: string;
  agent_name: string;
  agent_avatar?: string;
}

export interface Owner {
  kind: "bot" | "queue" | "agent";
  agent?: PublicAgent;
  bot?: { name: string; release: number };
}

export type Status = "bot" | "queued" | "open" | "snoozed" | "resolved" | "ended";

/** One thread of the list: a chain of sessions with the newest conversation of its head. */
export interface Row {
  id: string;
  session_id: string;
  integration_id: string;
  integration_name: string;
  channel: string;
  client_id: string;
  name: string;
  email?: string;
  avatar?: string;
  preview: string;
  preview_author: "user" | "bot" | "agent" | "note" | "";
  last_at: number;
  last_sequence: number;
  opened_at: number;
  status: Status;
  owner: Owner;
  department_id: string;
  reason: string;
  waiting_since: number | null;
  snoozed_until: number | "reply" | null;
  unread: number;
  tags: string[] | null;
  language: string;
  rating: number | null;
  mentions?: Record<string, number>; // agents whom a note names and who have not spoken since → its sequence
}

export type Tab = "mine" | "unassigned" | "all";
export type Sort = "waiting" | "latest";

export interface Filter {
  tab: Tab;
  status?: Status | "any";
  department?: string;
  integration?: string;
  agent?: string;
  sort: Sort;
  query?: string;
}

export interface Counts {
  mine: number;
  unassigned: number;
  all: number;
  snoozed: number;
}

export interface ThreadPage {
  threads: Row[];
  next: string | null;
  counts: Counts;
  cursor: number;
  boot: string; // the run of the server that numbered the cursor
}

/** How far each side got, as sequences: delivered to and read by the user, seen by the desk. */
export interface Marks {
  delivered: number;
  read: number;
  seen: number;
}

export interface ThreadDetail {
  thread: Row;
  context: Record<string, unknown>;
  masked: string[];
  version: number;
  client: { id: string; name: string; user_id?: string; threads_count: number };
  sessions: { session_id: string; opened_at: number; ended_at: number | null; reason: string; successor_id: string | null }[];
  notes_count: number;
}

export interface EventFile {
  type?: string;
  mime_type?: string;
  id?: string;
  file_id?: string;
  url?: string;
  name?: string;
  filename?: string;
  size?: number;
}

export interface DeskEvent {
  sequence: number;
  session_id: string;
  kind: string;
  at: number;
  author: "user" | "bot" | "agent" | "external" | "note" | "system";
  agent?: PublicAgent;
  message_id?: string;
  client_message_id?: string;
  input?: { text?: string; attachments?: EventFile[] };
  responses?: Response[];
  suppressed?: boolean;
  trigger?: boolean; // the widget's first message, which nobody typed
  body?: Record<string, unknown>;
}

export interface EventPage {
  events: DeskEvent[];
  first: number;
  last: number;
  marks: Marks; // as they were after the last one
}

export interface Opening {
  days: string[]; // mon to sun
  from: string;
  to: string;
}

export interface Hours {
  time_zone: string;
  weekly: Opening[];
  holidays: string[]; // "2026-12-25"
}

export interface Department {
  id: string;
  name: string;
  strategy: "longest_waiting" | "round_robin" | "least_busy";
  sticky: boolean;
  hours: Hours | null; // null: always open
  integrations: string[];
  default: boolean; // takes what names no department
  requeue_after: number; // seconds until a waiting conversation of an agent who is away goes back; 0: never
  created_at: number;
}

export interface CannedReply {
  id: string;
  shortcut: string;
  text: string;
  department: string;
  owner: string; // "" is everybody's
  rendered?: string;
}

export interface View {
  id: string;
  name: string;
  filter: Partial<Filter>;
  owner: string;
}

export interface Integration {
  id: string;
  name: string;
}

export interface ContextChange {
  at: number;
  sequence: number;
  version: number;
  by: string;
  agent?: PublicAgent;
  patch: Record<string, unknown>;
}

export interface FileSlot {
  file_id: string;
  upload_url: string;
  download_url: string;
}

/** A part of a text, with the places of what was looked for in UTF-16 units. */
export interface Snippet {
  text: string;
  marks: [number, number][] | null;
}

export interface SearchResult {
  messages: { thread_id: string; sequence: number; at: number; author: string; snippet: Snippet; name: string }[];
  people: { client_id: string; name: string; email: string; thread_id: string; last_at: number }[];
}

export interface Report {
  waiting_now: number;
  open_now: number;
  bot_now: number;
  agents_online: number;
  answered_in: { median_ms: number; p90_ms: number; by_hour: { at: number; median_ms: number; count: number }[] };
  resolved: { bot: number; human: number; unanswered: number; by_hour: { at: number; bot: number; human: number; unanswered: number }[] };
  csat: { average: number; count: number; scores: Record<string, number> };
  started_by_hour: { at: number; count: number }[];
}

export interface Erasure {
  erasure_id: string;
  erased_at: number;
  rows: Record<string, number> | number;
  backups_expire_at: number; // 0: there are none
}
