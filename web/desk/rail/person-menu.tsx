import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from "react-aria-components";
import { explain } from "../account/problem.ts";
import type { Preferences, Presence } from "../api/types.ts";
import { useDesk } from "../live/desk.ts";
import { Avatar } from "../ui/avatar.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";

const presences: Presence[] = ["online", "busy", "offline"];
const themes = ["auto", "light", "dark"] as const;

/** Presence by hand, and the few settings that one changes in passing. */
export function PersonMenu({ signOut }: { signOut: () => void }) {
  const desk = useDesk();
  const { t, language } = useWords();
  const { agent, preferences } = useSignal(desk.me);
  const guard = (work: Promise<void>) => void work.catch((error: unknown) => desk.notices.add("error", explain(error, t)));
  return (
    <MenuTrigger>
      <Button className="person" aria-label={t("person_menu", { name: agent.name, presence: t(`presence_${agent.presence}`) })}>
        <Avatar name={agent.name} picture={agent.avatar} seed={agent.id} presence={agent.presence} />
      </Button>
      <Popover className="popover" placement="right bottom">
        <Menu className="menu" aria-label={agent.name}>
          <MenuSection selectionMode="single" selectedKeys={[agent.presence]} onSelectionChange={(keys) => {
            const [chosen] = keys;
            if (chosen) guard(desk.setPresence(chosen as Presence));
          }}>
            <Header>{agent.name}</Header>
            {presences.map((presence) => (
              <MenuItem key={presence} id={presence} className="menu-item" textValue={t(`presence_${presence}`)}><span className={`dot dot-${presence}`} /> {t(`presence_${presence}`)}</MenuItem>
            ))}
          </MenuSection>
          <Separator />
          <MenuSection selectionMode="multiple" selectedKeys={agent.auto_away ? ["auto_away"] : []} onSelectionChange={(keys) => guard(desk.setPresence(agent.presence, keys === "all" || keys.has("auto_away")))}>
            <MenuItem id="auto_away" className="menu-item">{t("auto_away")}</MenuItem>
          </MenuSection>
          <MenuSection selectionMode="multiple" selectedKeys={preferences.sound === false ? [] : ["sound"]} onSelectionChange={(keys) => guard(desk.prefer({ sound: keys === "all" || keys.has("sound") }))}>
            <MenuItem id="sound" className="menu-item">{t("sound")}</MenuItem>
          </MenuSection>
          <MenuSection selectionMode="single" selectedKeys={[preferences.theme ?? "auto"]} onSelectionChange={(keys) => {
            const [chosen] = keys;
            if (chosen) guard(desk.prefer({ theme: chosen as NonNullable<Preferences["theme"]> }));
          }}>
            <Header>{t("theme")}</Header>
            {themes.map((theme) => <MenuItem key={theme} id={theme} className="menu-item">{t(`theme_${theme}`)}</MenuItem>)}
          </MenuSection>
          <MenuSection selectionMode="single" selectedKeys={[language]} onSelectionChange={(keys) => {
            const [chosen] = keys;
            if (chosen) guard(desk.speak(String(chosen)));
          }}>
            <Header>{t("language")}</Header>
            <MenuItem id="en" className="menu-item">English</MenuItem>
            <MenuItem id="ru" className="menu-item">Русский</MenuItem>
          </MenuSection>
          <Separator />
          <MenuItem className="menu-item" onAction={signOut}>{t("sign_out")}</MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
