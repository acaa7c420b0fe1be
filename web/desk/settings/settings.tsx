import { useEffect, useRef, type ReactNode } from "react";
import { useDesk } from "../live/desk.ts";
import { useTitle } from "../live/title.ts";
import { Go } from "../ui/go.tsx";
import { useWords } from "../words/words.tsx";
import { AgentsPart } from "./agents.tsx";
import { AuditPart } from "./audit.tsx";
import { CannedPart } from "./canned.tsx";
import { DepartmentsPart } from "./departments.tsx";
import { DeskPart } from "./preferences.tsx";
import { MePart } from "./me.tsx";
import "../style/settings.css";
import { parts } from "./parts.ts";
import { ShortcutsPart } from "./shortcuts.tsx";
import { ViewsPart } from "./views.tsx";

/** Everything that can be set: one's own things, and, for managers and admins, those of all. */
export default function Settings({ part, signOut }: { part: string; signOut: () => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const allowed = parts.filter(({ needs }) => desk.may(needs));
  const chosen = allowed.find(({ id }) => id === part) ?? allowed[0]!;
  const menu = useRef<HTMLElement>(null);
  useEffect(() => {
    menu.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [chosen]);
  useTitle(t(chosen.word));
  const pages: Record<string, ReactNode> = {
    me: <MePart signOut={signOut} />, desk: <DeskPart />, shortcuts: <ShortcutsPart />, canned: <CannedPart />, views: <ViewsPart />,
    departments: <DepartmentsPart />, agents: <AgentsPart />, audit: <AuditPart />,
  };
  return (
    <div className="settings">
      <nav ref={menu} className="settings-nav" aria-label={t("rail_settings")}>
        <ul>
          {allowed.map(({ id, word }) => <li key={id}><Go to={{ page: "settings", part: id }} className="settings-link" aria-current={id === chosen.id ? "page" : undefined}>{t(word)}</Go></li>)}
        </ul>
      </nav>
      <main id="main" className="page" tabIndex={-1}>
        <div className="page-body" key={chosen.id}>
          <h1>{t(chosen.word)}</h1>
          {pages[chosen.id]}
        </div>
      </main>
    </div>
  );
}
