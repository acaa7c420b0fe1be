import { explain } from "../account/problem.ts";
import type { Preferences } from "../api/types.ts";
import { useDesk } from "../live/desk.ts";
import { isMac } from "../shortcuts/keys.ts";
import { Pick, Toggle } from "../ui/form.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";

/** How the own desk looks and behaves. Each choice holds at once. */
export function DeskPart() {
  const desk = useDesk();
  const { t, language } = useWords();
  const { preferences, agent } = useSignal(desk.me);
  const failed = (error: unknown) => desk.notices.add("error", explain(error, t));
  const prefer = (change: Partial<Preferences>) => void desk.prefer(change).catch(failed);
  const mod = isMac() ? "⌘" : "Ctrl";
  const notify = async (on: boolean) => {
    if (on && "Notification" in window && (await Notification.requestPermission()) !== "granted") desk.notices.add("error", t("notify_refused"));
    else prefer({ notify: on });
  };
  return (
    <>
      <section className="card-part">
        <h2>{t("looks")}</h2>
        <Pick label={t("language")} value={language} options={[{ id: "en", name: "English" }, { id: "ru", name: "Русский" }]} onChoose={(locale) => void desk.speak(locale).catch(failed)} />
        <Pick label={t("theme")} value={preferences.theme ?? "auto"} options={(["auto", "light", "dark"] as const).map((id) => ({ id, name: t(`theme_${id}`) }))} onChoose={(theme) => prefer({ theme: theme as NonNullable<Preferences["theme"]> })} />
        <Toggle on={preferences.motion === "reduced"} onChange={(on) => prefer({ motion: on ? "reduced" : "auto" })} hint={t("motion_hint")}>{t("motion")}</Toggle>
      </section>
      <section className="card-part">
        <h2>{t("writing")}</h2>
        <Pick label={t("send_key")} value={preferences.send ?? "enter"} options={[{ id: "enter", name: t("sends_enter") }, { id: "mod_enter", name: t("sends_mod", { mod }) }]} onChoose={(send) => prefer({ send: send as NonNullable<Preferences["send"]> })} />
      </section>
      <section className="card-part">
        <h2>{t("alerts")}</h2>
        <Toggle on={preferences.sound !== false} onChange={(sound) => prefer({ sound })}>{t("sound")}</Toggle>
        <Toggle on={preferences.notify === true} onChange={(on) => void notify(on)} hint={t("notify_hint")}>{t("notify")}</Toggle>
        <Toggle on={agent.auto_away} onChange={(on) => void desk.setPresence(agent.presence, on).catch(failed)}>{t("auto_away")}</Toggle>
      </section>
    </>
  );
}
