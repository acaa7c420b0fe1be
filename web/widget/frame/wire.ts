import type { Response } from "../../shared/reply.tsx";

/** An attachment of a message on the wire (moveo a.4). */
export interface WireAttachment {
  type: string;
  mime_type?: string;
  id?: string;
  url?: string;
  title?: string;
  filename?: string;
  name?: string;
  size?: number;
}

export interface WireInput {
  text?: string;
  attachments?: WireAttachment[];
  event?: unknown;
}

/** Payloads of moveo c.3 with the fields of c.6, as far as the chat reads them. */
export interface Payload {
  session_id?: string;
  sequence?: number;
  timestamp?: number;
  message_id?: string;
  message_ids?: string[];
  client_message_id?: string;
  input?: WireInput;
  output?: { responses?: Response[] };
  context?: Record<string, unknown>;
  version?: number;
  ignored?: string[];
  agent_id?: string;
  agent_name?: string;
  agent_avatar?: string;
  action?: string;
  keep_alive?: number;
  status?: string;
  position?: number;
  reason?: string;
  successor_id?: string;
  predecessor_id?: string;
  is_conversation?: boolean;
  is_handover?: boolean;
  assignee_agent_id?: string | null;
  resumed?: boolean;
  messages?: MessageRecord[];
  standing?: Standing;
  closed_at?: number;
  rating?: number;
  seen?: number;
  error_code?: string;
  description?: string;
}

/** Where a conversation stands that has left the bot. */
export interface Standing {
  status: string; // queued, no_agents, outside_hours, or open: somebody has it
  position?: number;
}

export interface MessageRecord {
  message_id: string;
  session_id: string;
  sequence: number;
  author: string;
  timestamp: number;
  client_message_id?: string;
  input?: WireInput;
  output?: { responses?: Response[] };
  agent?: { agent_id?: string; agent_name?: string; agent_avatar?: string };
}

/** The acknowledgement of an event: the success or the error object. */
export type Answer = Payload & { file_id?: string; upload_url?: string; download_url?: string };

/** A file of this server, asked for under the name the page itself was: links are absolute, and a server has more names than one. */
export function here(url: string): string {
  const at = URL.canParse(url) ? new URL(url) : undefined;
  return at?.pathname.startsWith("/v1/files/") ? at.pathname + at.search : url;
}
