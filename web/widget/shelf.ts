export type Keep = "local" | "session" | "memory";

/**
 * Texts that outlive a page, or only the page where nothing may be stored. In a page of another site it is the page
 * that has the shelf: browsers deny storage to frames of others, or forget it.
 */
export class Shelf {
  private readonly area: Storage | undefined;
  private readonly prefix: string;

  constructor(integration: string, keep: Keep) {
    this.prefix = `parley.${integration}.`;
    this.area = areaOf(keep);
  }

  entries(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const key of Object.keys(this.area ?? {})) {
      if (key.startsWith(this.prefix)) found[key.slice(this.prefix.length)] = this.area!.getItem(key)!;
    }
    return found;
  }

  /** Puts a text there, or takes it away. */
  set(key: string, value: string | null): void {
    try {
      if (value === null) this.area?.removeItem(this.prefix + key);
      else this.area?.setItem(this.prefix + key, value);
    } catch {
      // A full storage: the frame's own memory is what is left.
    }
  }
}

function areaOf(keep: Keep): Storage | undefined {
  try {
    const area = keep === "local" ? localStorage : keep === "session" ? sessionStorage : undefined;
    area?.setItem("parley.probe", "1");
    area?.removeItem("parley.probe");
    return area;
  } catch {
    return undefined;
  }
}
