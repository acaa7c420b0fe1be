import { lazy, useEffect, useState } from "react";
import { ListPane } from "./list/list-pane.tsx";
import { useDesk } from "./live/desk.ts";
import { Alerts } from "./live/alerts.tsx";
import { LinkBanner } from "./live/link-banner.tsx";
import { Rail } from "./rail/rail.tsx";
import { useRoute } from "./route.ts";
import { Shortcuts } from "./shortcuts/shortcuts.tsx";
import { ThreadPane } from "./thread/thread-pane.tsx";
import { Deferred } from "./ui/deferred.tsx";
import { NoticeBoard } from "./ui/notice-board.tsx";
import { useSignal } from "./ui/signal.ts";
import { useWords } from "./words/words.tsx";

// Their code, and that of the charts, comes when they are opened.
const panel = () => import("./panel/panel.tsx");
const Panel = lazy(panel);
const Reports = lazy(() => import("./reports/reports.tsx"));
const Search = lazy(() => import("./search/search.tsx"));
const Settings = lazy(() => import("./settings/settings.tsx"));

/** The desk of somebody who is signed in: the rail and the page beside it. */
export function Shell({ signOut }: { signOut: () => void }) {
  const desk = useDesk();
  const { t } = useWords();
  useEffect(() => {
    // Before the first thread is opened, perhaps over a line that has become bad.
    const timer = setTimeout(() => void panel().catch(() => undefined), 1_000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="shell">
      <a className="skip" href="#main">{t("skip")}</a>
      <Rail signOut={signOut} />
      <LinkBanner />
      <Page signOut={signOut} />
      <Shortcuts />
      <Alerts />
      <NoticeBoard notices={desk.notices} />
    </div>
  );
}

function Page({ signOut }: { signOut: () => void }) {
  const route = useRoute();
  const { t } = useWords();
  if (route.page === "threads" || route.page === "invitation") return <Threads open={route.page === "threads" ? route.thread : undefined} at={route.page === "threads" ? route.at : undefined} />;
  return (
    <Deferred key={route.page} place="empty" waiting={<p className="empty" role="status">{t("loading")}</p>}>
      {route.page === "search" ? <Search query={route.query} /> : route.page === "reports" ? <Reports /> : <Settings part={route.part} signOut={signOut} />}
    </Deferred>
  );
}

function Threads({ open, at }: { open: string | undefined; at: number | undefined }) {
  const desk = useDesk();
  const { t } = useWords();
  const { preferences } = useSignal(desk.me);
  const wide = useWide();
  const [drawer, setDrawer] = useState(false); // the panel of a narrow page, over the thread
  const shown = wide ? preferences.panel !== "shut" : drawer;
  const toggle = () => {
    if (wide) void desk.prefer({ panel: shown ? "shut" : "open" }).catch(() => undefined);
    else setDrawer(!drawer);
  };
  useEffect(() => setDrawer(false), [open]);
  return (
    <div className={`threads ${open ? "has-thread" : ""} ${open && shown ? "has-panel" : ""}`}>
      <ListPane open={open} />
      <main id="main" className="thread-region" tabIndex={-1}>
        {open ? <ThreadPane key={open} id={open} at={at} panelShown={shown} togglePanel={toggle} /> : <div className="empty"><h1 className="unseen">{t("threads")}</h1><p>{t("choose_thread")}</p></div>}
      </main>
      {open && shown ? <Deferred place="empty" waiting={<aside className="panel-region" aria-label={t("panel")} aria-busy="true" />}><Panel key={open} id={open} close={toggle} /></Deferred> : null}
    </div>
  );
}

/** Whether the panel has room beside the thread. */
function useWide(): boolean {
  const query = "(min-width: 1180px)";
  const [wide, setWide] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const changed = () => setWide(list.matches);
    list.addEventListener("change", changed);
    return () => list.removeEventListener("change", changed);
  }, []);
  return wide;
}
