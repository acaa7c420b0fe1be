import { useEffect, useMemo, useState } from "react";
import { RouterProvider } from "react-aria-components";
import { Accept } from "./account/accept.tsx";
import { Gate } from "./account/gate.tsx";
import { SignIn } from "./account/sign-in.tsx";
import { me as mine, signIn } from "./api/desk.ts";
import { ApiError } from "./api/request.ts";
import type { Me } from "./api/types.ts";
import { forgetDrafts } from "./composer/drafts.ts";
import { Desk, DeskContext } from "./live/desk.ts";
import { navigate, parseRoute, useRoute } from "./route.ts";
import { Shell } from "./shell.tsx";
import { useSignal } from "./ui/signal.ts";
import { useWords, WordsProvider } from "./words/words.tsx";

type Standing = "asking" | "nobody" | "unreachable" | Me;

export function App() {
  const route = useRoute();
  const [standing, setStanding] = useState<Standing>("asking");
  const ask = () => {
    setStanding("asking");
    mine.show().then(setStanding, (error: unknown) => setStanding(error instanceof ApiError && error.status === 401 ? "nobody" : "unreachable"));
  };
  useEffect(ask, []);

  const arrive = (me: Me) => {
    navigate({ page: "threads" }, true);
    setStanding(me);
  };
  if (route.page === "invitation") return <WordsProvider locale=""><Accept token={route.token} onSignedIn={arrive} /></WordsProvider>;
  if (standing === "asking") return null;
  if (standing === "nobody") return <WordsProvider locale=""><SignIn onSignedIn={setStanding} /></WordsProvider>;
  if (standing === "unreachable") return <WordsProvider locale=""><Unreachable again={ask} /></WordsProvider>;
  return <SignedIn key={standing.agent.id} me={standing} leave={() => setStanding("nobody")} />;
}

function Unreachable({ again }: { again: () => void }) {
  const { t } = useWords();
  return <Gate title={t("unreachable")}><button type="button" className="button primary wide" onClick={again}>{t("try_again")}</button></Gate>;
}

function SignedIn({ me, leave }: { me: Me; leave: () => void }) {
  const desk = useMemo(() => new Desk(me, leave), []);
  const { locale, preferences } = useSignal(desk.me);
  useEffect(() => {
    desk.start();
    return () => desk.stop();
  }, [desk]);
  useEffect(() => {
    document.documentElement.dataset.theme = preferences.theme ?? "auto";
    document.documentElement.dataset.motion = preferences.motion ?? "auto";
  }, [preferences.theme, preferences.motion]);
  const signOut = () => {
    forgetDrafts();
    void signIn.close().catch(() => undefined).finally(leave);
  };
  return (
    <WordsProvider locale={locale}>
      <RouterProvider navigate={(path) => navigate(parseRoute(...split(path)))}>
        <DeskContext value={desk}><Shell signOut={signOut} /></DeskContext>
      </RouterProvider>
    </WordsProvider>
  );
}

function split(path: string): [string, string] {
  const at = path.indexOf("?");
  return at < 0 ? [path, ""] : [path.slice(0, at), path.slice(at)];
}
