import { address, request } from "./request.ts";
import type * as T from "./types.ts";

const get = <A>(path: string, query = {}) => request<A>("GET", address(path, query));
const post = <A>(path: string, body: unknown = {}) => request<A>("POST", address(path), body);
const put = <A>(path: string, body: unknown) => request<A>("PUT", address(path), body);
const patch = <A>(path: string, body: unknown, headers = {}) => request<A>("PATCH", address(path), body, headers);
const remove = (path: string, body?: unknown) => request<void>("DELETE", address(path), body);
const of = encodeURIComponent;

type Changed = { thread: T.Row };

export const signIn = {
  state: () => get<T.SignInState>("/sign-in"),
  open: (email: string, password: string, code?: string) => post<T.Me>("/session", { email, password, ...(code ? { code } : {}) }),
  close: () => remove("/session"),
  closeAll: () => remove("/sessions"),
  invitation: (token: string) => get<T.Invitation>(`/invitations/${of(token)}`),
  accept: (token: string, body: { name: string; email?: string; password: string }) => post<T.Me>(`/invitations/${of(token)}`, body),
};

export const me = {
  show: () => get<T.Me>("/session"),
  change: (body: { name?: string; avatar?: string; locale?: string; preferences?: T.Preferences }) => patch<T.Me>("/me", body),
  password: (current: string, next: string) => post<void>("/me/password", { current, new: next }),
  startTotp: () => post<{ secret: string; uri: string }>("/me/totp"),
  confirmTotp: (code: string) => put<{ recovery_codes: string[] }>("/me/totp", { code }),
  endTotp: (password: string) => remove("/me/totp", { password }),
  presence: (presence: T.Presence, autoAway?: boolean) => put<T.Me>("/me/presence", { presence, ...(autoAway === undefined ? {} : { auto_away: autoAway }) }),
};

export const agents = {
  list: () => get<{ agents: T.Agent[] }>("/agents"),
  invite: (body: { email: string; name: string; role: T.Role; departments: string[]; capacity: number }) => post<{ agent: T.Agent; invitation_url: string }>("/agents", body),
  change: (id: string, body: Partial<T.Agent>) => patch<{ agent: T.Agent }>(`/agents/${of(id)}`, body),
  renew: (id: string) => post<{ invitation_url: string }>(`/agents/${of(id)}/invitation`),
  audit: (before?: string, limit = 50) => get<{ entries: T.AuditEntry[]; next: string | null }>("/audit", { before, limit }),
};

export const departments = {
  list: () => get<{ departments: T.Department[] }>("/departments"),
  create: (body: Partial<T.Department>) => post<T.Department>("/departments", body),
  change: (id: string, body: Partial<T.Department>) => patch<T.Department>(`/departments/${of(id)}`, body),
  remove: (id: string) => remove(`/departments/${of(id)}`),
};

export const cannedReplies = {
  /** With a thread every reply carries `rendered`, its text for this client. */
  list: (thread?: string) => get<{ canned_replies: T.CannedReply[] }>("/canned-replies", { thread }),
  create: (body: Partial<T.CannedReply> & { shared?: boolean }) => post<T.CannedReply>("/canned-replies", body),
  change: (id: string, body: Partial<T.CannedReply> & { shared?: boolean }) => patch<T.CannedReply>(`/canned-replies/${of(id)}`, body),
  remove: (id: string) => remove(`/canned-replies/${of(id)}`),
};

export const views = {
  list: () => get<{ views: T.View[] }>("/views"),
  create: (body: { name: string; filter: Partial<T.Filter>; shared?: boolean }) => post<T.View>("/views", body),
  change: (id: string, body: Partial<T.View>) => patch<T.View>(`/views/${of(id)}`, body),
  remove: (id: string) => remove(`/views/${of(id)}`),
};

export const integrations = {
  list: () => get<{ integrations: T.Integration[] }>("/integrations"),
  states: (id: string) => get<{ states: string[] }>(`/integrations/${of(id)}/states`),
};

export const threads = {
  list: (filter: T.Filter, after?: string, limit = 50) => get<T.ThreadPage>("/threads", { ...filter, after, limit }),
  show: (id: string) => get<T.ThreadDetail>(`/threads/${of(id)}`),
  events: (id: string, range: { after?: number; before?: number; limit?: number }) => get<T.EventPage>(`/threads/${of(id)}/events`, range),
  previous: (id: string) => get<{ threads: T.Row[] }>(`/threads/${of(id)}/previous`),
  send: (id: string, body: { text: string; attachments: { file_id: string }[]; client_message_id: string }) => post<{ event: T.DeskEvent }>(`/threads/${of(id)}/messages`, body),
  note: (id: string, body: { text: string; mentions: string[]; client_message_id: string }) => post<{ event: T.DeskEvent }>(`/threads/${of(id)}/notes`, body),
  /** take: from the agent who has it. */
  claim: (id: string, take = false) => post<Changed>(`/threads/${of(id)}/claim`, take ? { take } : {}),
  transfer: (id: string, to: { agent_id: string } | { department_id: string }) => post<Changed>(`/threads/${of(id)}/transfer`, to),
  giveBack: (id: string, state?: string) => post<Changed>(`/threads/${of(id)}/return`, state ? { state } : {}),
  resolve: (id: string) => post<Changed>(`/threads/${of(id)}/resolve`),
  reopen: (id: string) => post<Changed>(`/threads/${of(id)}/reopen`),
  snooze: (id: string, until: number | "reply") => post<Changed>(`/threads/${of(id)}/snooze`, { until }),
  wake: (id: string) => post<Changed>(`/threads/${of(id)}/wake`),
  read: (id: string) => post<Changed>(`/threads/${of(id)}/read`),
  patchContext: (id: string, change: Record<string, unknown>, version?: number) =>
    patch<{ context: Record<string, unknown>; version: number; ignored: string[] }>(`/threads/${of(id)}/context`, { patch: change }, version === undefined ? {} : { "If-Match": `"${version}"` }),
  /** Deletes what the patch names with null (RFC 7396). */
  dropContext: (id: string, change: Record<string, unknown>, version: number) =>
    patch<{ context: Record<string, unknown>; version: number; ignored: string[] }>(`/threads/${of(id)}/context`, change, { "Content-Type": "application/merge-patch+json", "If-Match": `"${version}"` }),
  contextHistory: (id: string) => get<{ entries: T.ContextChange[] }>(`/threads/${of(id)}/context/history`),
  upload: (id: string, file: { filename: string; content_type: string; size: number }) => post<T.FileSlot>(`/threads/${of(id)}/files`, file),
  transcriptAddress: (id: string, format: "json" | "text") => address(`/threads/${of(id)}/transcript`, { format }),
  mailTranscript: (id: string, to: string) => post<void>(`/threads/${of(id)}/transcript/email`, { to }),
};

export const search = (query: string, limit = 30) => get<T.SearchResult>("/search", { query, limit });
export const reports = (from: number, to: number, integration?: string) => get<T.Report>("/reports", { from, to, integration });

export const people = {
  /** Answers with the proof, in which nothing leads to the person. */
  erase: (clientID: string, integration: string) => request<T.Erasure>("DELETE", address(`/people/${of(clientID)}`, { integration })),
  exportAddress: (clientID: string, integration: string) => address(`/people/${of(clientID)}/export`, { integration }),
};
