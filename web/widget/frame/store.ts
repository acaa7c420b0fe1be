/** What one visitor has of one integration on this device. */
export interface Kept {
  session?: string;
  /** Whose session it is, as the identity token says. */
  who?: string;
  /** Sequence up to which the visitor has seen everything. */
  seen: number;
  /** Sequence up to which the server knows that the visitor has read what agents wrote. */
  told: number;
  formDone?: boolean;
  rated?: string;
  sound?: boolean;
}

/** A message that the server has not acknowledged. */
export interface Pending {
  id: string;
  at: number;
  text?: string;
  attachments?: unknown[];
  hidden?: boolean;
}

/**
 * The device's memory. Each unacknowledged message has a key of its own, so that tabs do not overwrite each other's;
 * two that send the same one send it under one client_message_id, and the server takes it once (moveo c.6).
 */
export class Store {
  private readonly texts: Map<string, string>;

  constructor(entries: Record<string, string>, private readonly save: (key: string, value: string | null) => void) {
    this.texts = new Map(Object.entries(entries));
  }

  read(): Kept {
    return { seen: 0, told: 0, ...this.parse<Partial<Kept>>("state") };
  }

  write(kept: Kept): void {
    this.set("state", JSON.stringify(kept));
  }

  context(): Record<string, unknown> {
    return this.parse<Record<string, unknown>>("context") ?? {};
  }

  setContext(patch: Record<string, unknown>): void {
    this.set("context", Object.keys(patch).length === 0 ? null : JSON.stringify(patch));
  }

  pending(): Pending[] {
    const list: Pending[] = [];
    for (const key of this.texts.keys()) {
      const one = key.startsWith("out.") ? this.parse<Pending>(key) : undefined;
      if (one && typeof one.id === "string") list.push(one);
    }
    return list.sort((a, b) => a.at - b.at);
  }

  setPending(one: Pending): void {
    this.set(`out.${one.id}`, JSON.stringify(one));
  }

  dropPending(id: string): void {
    this.set(`out.${id}`, null);
  }

  clear(): void {
    for (const key of [...this.texts.keys()]) this.set(key, null);
  }

  private set(key: string, value: string | null): void {
    if (value === null) this.texts.delete(key);
    else this.texts.set(key, value);
    this.save(key, value);
  }

  private parse<T>(key: string): T | undefined {
    try {
      const text = this.texts.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as T);
    } catch {
      return undefined;
    }
  }
}
