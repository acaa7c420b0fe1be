import { useEffect } from "react";
import { useSignal } from "../ui/signal.ts";
import { useDesk } from "./desk.ts";

/** Names the place that is open in the page's title. */
export function useTitle(place: string): void {
  const { title } = useDesk();
  useEffect(() => {
    title.set(place);
    return () => title.set("");
  }, [title, place]);
}

/** The page's title, with how many conversations wait for this person's eyes. */
export function titled(place: string, news: number): string {
  return `${news > 0 ? `(${news > 99 ? "99+" : news}) ` : ""}${place ? `${place} · ` : ""}Parley`;
}

/** Marks the page's tab: by its title, and by a dot on its icon. */
export function useTab(): void {
  const desk = useDesk();
  const place = useSignal(desk.title);
  const news = useSignal(desk.unread.count);
  const marked = news > 0;
  useEffect(() => {
    document.title = titled(place, news);
  }, [place, news]);
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (!link || !marked) return;
    const quiet = link.href;
    link.href = new URL("../icon-news.svg", import.meta.url).href;
    return () => {
      link.href = quiet;
    };
  }, [marked]);
}
