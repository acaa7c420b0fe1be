import { useRoute, type Route } from "../route.ts";
import { Go } from "../ui/go.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";
import { useWords, type Word } from "../words/words.tsx";
import { PersonMenu } from "./person-menu.tsx";

const places: { to: Route; icon: IconName; word: Word }[] = [{ to: { page: "threads" }, icon: "inbox", word: "rail_threads" }];

/** The first region: where one can go, and who one is. */
export function Rail({ signOut }: { signOut: () => void }) {
  const { t } = useWords();
  const route = useRoute();
  return (
    <nav className="rail" aria-label={t("navigation")}>
      <ul>
        {places.map(({ to, icon, word }) => (
          <li key={word}>
            <Go to={to} className="rail-link" aria-current={route.page === to.page ? "page" : undefined}>
              <Icon name={icon} size={22} />
              <span className="rail-word">{t(word)}</span>
            </Go>
          </li>
        ))}
      </ul>
      <PersonMenu signOut={signOut} />
    </nav>
  );
}
