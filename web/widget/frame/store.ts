export type Keep = "local" | "session" | "memory";

/** What one visitor has of one integration on this device. */
export interface Kept {
  session?: string;
  /** Sequence up to which the visitor has seen everything. */
  seen: number;
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
  private readonly area: Storage | undefined;
  private readonly inMemory = new Map<string, string>();

  constructor(private readonly integration: string, keep: Keep) {
    this.area = areaOf(keep);
  }

  read(): Kept {
    return this.parse<Kept>(this.get("state")) ?? { seen: 0 };
  }

  write(kept: Kept): void {
    this.set("state", JSON.stringify(kept));
  }

  context(): Record<string, unknown> {
    return this.parse<Record<string, unknown>>(this.get("context")) ?? {};
  }

  setContext(patch: Record<string, unknown>): void {
    if (Object.keys(patch).length === 0) this.drop("context");
    else this.set("context", JSON.stringify(patch));
  }

  pending(): Pending[] {
    const list: Pending[] = [];
    for (const key of this.keys()) {
      if (!key.startsWith(this.name("out."))) continue;
      const one = this.parse<Pending>(this.area ? this.area.getItem(key) : (this.inMemory.get(key) ?? null));
      if (one && typeof one.id === "string") list.push(one);
    }
    return list.sort((a, b) => a.at - b.at);
  }

  setPending(one: Pending): void {
    this.set(`out.${one.id}`, JSON.stringify(one));
  }

  dropPending(id: string): void {
    this.drop(`out.${id}`);
  }

  clear(): void {
    for (const key of this.keys()) {
      if (!key.startsWith(this.name(""))) continue;
      this.inMemory.delete(key);
      this.area?.removeItem(key);
    }
  }

  private name(key: string): string {
    return `parley.${this.integration}.${key}`;
  }

  private keys(): string[] {
    return this.area ? Object.keys(this.area) : [...this.inMemory.keys()];
  }

  private get(key: string): string | null {
    return this.area ? this.area.getItem(this.name(key)) : (this.inMemory.get(this.name(key)) ?? null);
  }

  private set(key: string, value: string): void {
    try {
      if (this.area) return this.area.setItem(this.name(key), value);
    } catch {
      // A full or forbidden storage: the page's own memory is what is left.
    }
    this.inMemory.set(this.name(key), value);
  }

  private drop(key: string): void {
    this.inMemory.delete(this.name(key));
    this.area?.removeItem(this.name(key));
  }

  private parse<T>(text: string | null): T | undefined {
    try {
      return text === null ? undefined : (JSON.parse(text) as T);
    } catch {
      return undefined;
    }
  }
}

function areaOf(keep: Keep): Storage | undefined {
  if (keep === "memory") return undefined;
  try {
    const area = keep === "session" ? sessionStorage : localStorage;
    area.setItem("parley.probe", "1");
    area.removeItem("parley.probe");
    return area;
  } catch {
    return undefined;
  }
}
