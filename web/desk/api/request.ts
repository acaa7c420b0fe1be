import type { Owner } from "./types.ts";

/** A refused or failed request. `code` is the server's stable code, or "offline" when there was no answer. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly owner: Owner | undefined; // who won a lost race
  readonly retryAfter: number | undefined; // seconds

  constructor(code: string, status: number, detail: string, owner?: Owner, retryAfter?: number) {
    super(detail || code);
    this.code = code;
    this.status = status;
    this.owner = owner;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may succeed later without a change. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export type Query = Record<string, string | number | undefined>;

export function address(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== "") params.set(name, String(value));
  const tail = params.toString();
  return `/desk/api${path}${tail && `?${tail}`}`;
}

/** One request to the desk's API. An empty answer is undefined. */
export async function request<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const init: RequestInit = { method, credentials: "same-origin", headers: { Accept: "application/json", ...headers } };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "Content-Type": "application/json", ...init.headers };
  }
  let answer: globalThis.Response;
  let text: string;
  try {
    answer = await fetch(path, init);
    text = await answer.text();
  } catch {
    throw new ApiError("offline", 0, "");
  }
  const found = parse(text);
  if (answer.ok) {
    if (text !== "" && found === undefined) throw new ApiError("unreadable", 502, "The answer is not JSON.");
    return found as T;
  }
  const problem = (found ?? {}) as { code?: string; detail?: string; title?: string; owner?: Owner };
  const retry = Number(answer.headers.get("Retry-After"));
  throw new ApiError(problem.code ?? `http_${answer.status}`, answer.status, problem.detail ?? problem.title ?? "", problem.owner, retry > 0 ? retry : undefined);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
