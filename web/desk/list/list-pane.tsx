import { useEffect, useState } from "react";
import { Button, Input, SearchField, ToggleButton } from "react-aria-components";
import type { Filter, Tab } from "../api/types.ts";
import { useDesk } from "../live/desk.ts";
import { Icon } from "../ui/icon.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";
import { Filters } from "./filters.tsx";
import { RowList } from "./row-list.tsx";
import { Views } from "./views.tsx";

const tabs: Tab[] = ["mine", "unassigned", "all"];

/** The second region: which conversations there are. */
export function ListPane({ open }: { open: string | undefined }) {
  const desk = useDesk();
  const { t } = useWords();
  const view = useSignal(desk.list.view);
  const counts = useSignal(desk.list.counts);
  const { filter } = view;
  const [filtering, setFiltering] = useState(false);
  const change = (part: Partial<Filter>) => desk.filter({ ...filter, ...part });
  const narrowed = Boolean(filter.status || filter.department || filter.integration || filter.agent);
  return (
    <section className="list-region" aria-label={t("threads")}>
      <header className="list-head">
        <Find query={filter.query ?? ""} onFind={(query) => change({ query })} />
        <IconButton icon="sort" label={t(filter.sort === "waiting" ? "sort_waiting" : "sort_latest")} onPress={() => change({ sort: filter.sort === "waiting" ? "latest" : "waiting" })} />
        <ToggleButton className={`icon-button ${narrowed ? "marked" : ""}`} aria-label={t("filters")} isSelected={filtering} onChange={setFiltering}><Icon name="filter" /></ToggleButton>
      </header>
      <div className="list-tabs" role="group" aria-label={t("threads")}>
        {tabs.map((tab) => (
          <Button key={tab} className="list-tab" aria-pressed={filter.tab === tab} onPress={() => change({ tab })}>
            {t(`tab_${tab}`)} <span className="count">{counts[tab]}</span>
          </Button>
        ))}
      </div>
      <Views filter={filter} apply={(saved) => desk.filter({ tab: "all", sort: filter.sort, ...saved })} />
      {filtering ? <Filters filter={filter} change={change} /> : null}
      <p className="list-sort">{t(filter.sort === "waiting" ? "sorted_waiting" : "sorted_latest")}</p>
      <RowList view={view} open={open} />
    </section>
  );
}

/** Asks after a pause in the typing, so that a word is one question. */
function Find({ query, onFind }: { query: string; onFind: (query: string) => void }) {
  const { t } = useWords();
  const [text, setText] = useState(query);
  useEffect(() => {
    if (text.trim() === query) return;
    const timer = setTimeout(() => onFind(text.trim()), 300);
    return () => clearTimeout(timer);
  }, [text, query]);
  return (
    <SearchField className="find" aria-label={t("find_threads")} value={text} onChange={setText} onClear={() => onFind("")}>
      <Icon name="search" size={16} />
      <Input placeholder={t("find_threads")} />
      <Button className="icon-button small clear"><Icon name="close" size={14} /></Button>
    </SearchField>
  );
}
