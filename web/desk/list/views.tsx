import { Button } from "react-aria-components";
import { explain } from "../account/problem.ts";
import { views } from "../api/desk.ts";
import type { Filter, View } from "../api/types.ts";
import { useDesk } from "../live/desk.ts";
import { Icon } from "../ui/icon.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";

const narrowing = ["tab", "status", "department", "integration", "agent", "query"] as const;

function isChosen(filter: Filter, view: View): boolean {
  return narrowing.every((part) => (filter[part] ?? "") === (view.filter[part] ?? (part === "tab" ? "all" : "")));
}

/** Filters that somebody saved, a press away. One's own can be deleted here, everybody's by managers. */
export function Views({ filter, apply }: { filter: Filter; apply: (saved: Partial<Filter>) => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const all = useSignal(desk.views);
  if (all.length === 0) return null;
  const remove = (view: View) => {
    views.remove(view.id).then(() => desk.views.set(desk.views.value.filter((one) => one.id !== view.id)), (error: unknown) => desk.notices.add("error", explain(error, t)));
  };
  return (
    <ul className="views" aria-label={t("views")}>
      {all.map((view) => (
        <li key={view.id} className={`view ${isChosen(filter, view) ? "chosen" : ""}`}>
          <Button aria-pressed={isChosen(filter, view)} onPress={() => apply(view.filter)}>{view.name}</Button>
          {view.owner || desk.may("manage") ? <Button className="icon-button small" aria-label={t("view_remove", { name: view.name })} onPress={() => remove(view)}><Icon name="close" size={12} /></Button> : null}
        </li>
      ))}
    </ul>
  );
}
