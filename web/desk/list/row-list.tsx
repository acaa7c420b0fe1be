import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type KeyboardEvent } from "react";
import { Button } from "react-aria-components";
import { useDesk } from "../live/desk.ts";
import { useNow } from "../ui/clock.ts";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";
import type { ListView } from "./store.ts";
import { ThreadRow } from "./thread-row.tsx";

const rowHeight = 76;

/** The rows of the list. Only those in sight are in the document, so ten thousand cost what twenty do. */
export function RowList({ view, open }: { view: ListView; open: string | undefined }) {
  const desk = useDesk();
  const { t } = useWords();
  const now = useNow(5_000);
  useSignal(desk.unread.seen);
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, more, phase } = view;
  const virtual = useVirtualizer({
    count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 8, getItemKey: (i) => rows[i]!.id,
  });
  const shown = virtual.getVirtualItems();
  const end = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && end >= rows.length - 20) void desk.list.more();
  }, [more, end, rows.length, desk]);
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [view.filter]);

  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -rows.length, End: rows.length }[event.key];
    const from = Number((event.target as HTMLElement).closest<HTMLElement>("[data-index]")?.dataset.index);
    if (!step || Number.isNaN(from)) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(rows.length - 1, from + step));
    virtual.scrollToIndex(to);
    const focus = () => scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"] a`)?.focus();
    requestAnimationFrame(() => requestAnimationFrame(focus));
  };

  return (
    <div className="rows" ref={scroller} aria-busy={phase === "loading"}>
      {rows.length === 0 ? <Nothing phase={phase} again={() => void desk.list.reload()} words={{ failed: t("list_failed"), empty: t(view.filter.query ? "nothing_found" : "list_empty"), again: t("try_again") }} /> : null}
      <ul onKeyDown={move} style={{ height: virtual.getTotalSize() }}>
        {shown.map((item) => {
          const row = rows[item.index]!;
          return (
            <li key={item.key} data-index={item.index} className="row-place" style={{ transform: `translateY(${item.start}px)` }} aria-setsize={more ? -1 : rows.length} aria-posinset={item.index + 1}>
              <ThreadRow row={row} now={now} isOpen={row.id === open} asked={desk.unread.asked(row) > 0} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Nothing({ phase, again, words }: { phase: ListView["phase"]; again: () => void; words: { failed: string; empty: string; again: string } }) {
  if (phase === "loading") return <div className="skeletons" aria-hidden="true">{Array.from({ length: 8 }, (_, i) => <span key={i} className="skeleton" />)}</div>;
  if (phase === "failed") return <div className="empty"><p>{words.failed}</p><Button className="button" onPress={again}>{words.again}</Button></div>;
  return <p className="empty">{words.empty}</p>;
}
