import type { ReactNode } from "react";
import { Icon } from "../ui/icon.tsx";

/** The frame of the pages before the desk. */
export function Gate({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="gate">
      <section className="gate-card">
        <p className="brand"><Icon name="inbox" size={22} /> Parley</p>
        <h1>{title}</h1>
        {children}
      </section>
    </main>
  );
}
