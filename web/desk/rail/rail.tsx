import type { Permission } from "../api/types.ts";
import { useDesk } from "../live/desk.ts";
import { useRoute, type Route } from "../route.ts";
import { order } from "../shortcuts/commands.ts";
import { IconButton } from "../ui/icon-button.tsx";
import { Go } from "../ui/go.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";
import { useWords, type Word } from "../words/words.tsx";
import { PersonMenu } from "./person-menu.tsx";

const places: { to: Route; icon: IconName; word: Word; needs?: Permission }[] = [
  { to: { page: "threads" }, icon: "inbox", word: "rail_threads" },
  { to: { page: "search", query: "" }, icon: "search", word: "rail_search" },
  { to: { page: "reports" }, icon: "chart", word: "rail_reports", needs: "manage" },
  { to: { page: "settings", part: "me" }, icon: "settings", word: "rail_settings" },
];

/** The first region: where one can go, and who one is. */
export function Rail({ signOut }: { signOut: () => void }) {
  const { t } = useWords();
  const route = useRoute();
  const desk = useDesk();
  return (
    <nav className="rail" aria-label={t("navigation")}>
      <ul>
        {places.filter(({ needs }) => !needs || desk.may(needs)).map(({ to, icon, word }) => (
          <li key={word}>
            <Go to={to} className="rail-link" aria-current={route.page === to.page ? "page" : undefined}>
              <Icon name={icon} size={22} />
              <span className="rail-word">{t(word)}</span>
            </Go>
          </li>
        ))}
      </ul>
      <div className="rail-foot">
        <IconButton icon="help" label={t("command_help")} keys="?" onPress={() => order("help")} />
        <PersonMenu signOut={signOut} />
      </div>
    </nav>
  );
}
