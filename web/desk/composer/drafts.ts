const prefix = "parley.draft.";

/** What one began to write in a thread, kept by the browser. Without storage a draft lives as long as its page. */
export function readDraft(thread: string, kind: string): string {
  try {
    return localStorage.getItem(`${prefix}${thread}.${kind}`) ?? "";
  } catch {
    return "";
  }
}

export function writeDraft(thread: string, kind: string, text: string): void {
  const key = `${prefix}${thread}.${kind}`;
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
  } catch {
    // See above.
  }
}

/** Forgets every draft: the next person at this browser may be another one. */
export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  } catch {
    // See above.
  }
}
