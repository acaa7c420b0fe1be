import { useEffect, useState } from "react";
import { nameOf } from "../list/thread-row.tsx";
import { useRoute } from "../route.ts";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";
import { useDesk } from "./desk.ts";
import { useTab } from "./title.ts";

/** A short, quiet tone. Browsers allow it after the first press of anything; before, it is silent. */
function tone(): void {
  const audio = new AudioContext();
  const source = audio.createOscillator();
  const volume = audio.createGain();
  source.frequency.value = 660;
  volume.gain.setValueAtTime(0.06, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.25);
  source.connect(volume).connect(audio.destination);
  source.start();
  source.stop(audio.currentTime + 0.25);
  source.onended = () => void audio.close();
}

/** Tells of news that are not on the screen: with a tone, which can be switched off, and in words. */
export function Alerts() {
  const desk = useDesk();
  const { t } = useWords();
  const news = useSignal(desk.news);
  const route = useRoute();
  const [said, setSaid] = useState("");
  useTab();
  useEffect(() => {
    if (!news) return;
    const seen = route.page === "threads" && route.thread === news.row.id && document.visibilityState === "visible";
    desk.news.set(null);
    if (seen) return;
    if (desk.me.value.preferences.sound !== false && navigator.userActivation?.hasBeenActive) tone();
    const text = news.kind === "waiting" ? t("alert_waiting") : t(`alert_${news.kind}`, { name: nameOf(news.row, t) });
    if (document.hidden && desk.me.value.preferences.notify && "Notification" in window && Notification.permission === "granted") new Notification("Parley", { body: text, tag: news.row.id });
    if (news.kind === "waiting") setSaid(text);
    else desk.notices.add("info", text);
  }, [news, route, desk, t]);
  return <p className="unseen" role="status">{said}</p>;
}
