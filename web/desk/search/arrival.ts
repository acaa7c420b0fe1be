import { useEffect, useRef } from "react";
import type { ThreadStore, ThreadView } from "../thread/store.ts";

/** Brings the message with a sequence into sight: reads what is older until it is there, then shows and focuses it once. */
export function useArrival(store: ThreadStore, view: ThreadView, at: number | undefined): void {
  const arrived = useRef(0);
  const asked = useRef(-1); // the oldest sequence before which was read already
  const { events, older, loadingOlder, phase } = view;
  useEffect(() => {
    const first = events[0]?.sequence;
    if (!at || arrived.current === at || phase !== "ready" || loadingOlder || first === undefined) return;
    if (older && first > at && asked.current !== first) {
      asked.current = first;
      void store.older();
      return;
    }
    arrived.current = at;
    const lines = [...document.querySelectorAll<HTMLElement>("[data-sequence]")];
    const line = lines.find((one) => Number(one.dataset.sequence) >= at) ?? lines.at(-1);
    if (!line) return;
    line.tabIndex = -1;
    line.scrollIntoView({ block: "center" });
    line.focus({ preventScroll: true });
    line.animate([{ backgroundColor: "rgb(224 180 40 / 35%)" }, { backgroundColor: "transparent" }], 2_500);
  }, [store, at, events, older, loadingOlder, phase]);
}
