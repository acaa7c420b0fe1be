import { Signal } from "./signal.ts";

export interface Notice {
  id: number;
  kind: "info" | "error";
  text: string;
}

/** Short messages that go by themselves; errors stay longer. */
export class Notices {
  readonly all = new Signal<Notice[]>([]);
  private last = 0;

  add(kind: Notice["kind"], text: string): void {
    const id = ++this.last;
    this.all.set([...this.all.value.slice(-3), { id, kind, text }]);
    setTimeout(() => this.drop(id), kind === "error" ? 12_000 : 5_000);
  }

  /** Forgets all: they were about a place that was left. */
  clear(): void {
    this.all.set([]);
  }

  drop(id: number): void {
    this.all.set(this.all.value.filter((notice) => notice.id !== id));
  }
}
