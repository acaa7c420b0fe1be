import { threads } from "../api/desk.ts";
import { ApiError } from "../api/request.ts";

/** Puts a file where the client can get it, and returns its id. */
export async function upload(thread: string, file: File): Promise<string> {
  const slot = await threads.upload(thread, { filename: file.name, content_type: file.type || "application/octet-stream", size: file.size });
  const to = new URL(slot.upload_url, location.href);
  // The server names itself by its public address; this page reaches it at its own, and may talk to no other.
  const answer = await fetch(to.pathname + to.search, { method: "PUT", body: file, headers: { "Content-Type": file.type || "application/octet-stream" } }).catch(() => null);
  if (!answer) throw new ApiError("offline", 0, "");
  if (!answer.ok) {
    const problem = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string; title?: string };
    throw new ApiError(problem.code ?? "upload_failed", answer.status, problem.detail ?? problem.title ?? "");
  }
  return slot.file_id;
}
