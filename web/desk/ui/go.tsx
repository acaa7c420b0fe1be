import type { AnchorHTMLAttributes, MouseEvent } from "react";
import { navigate, pathOf, type Route } from "../route.ts";

/** A link inside of the desk: a plain one for the browser (new tab, copy), without a reload for a click. */
export function Go({ to, onClick, ...rest }: { to: Route } & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href">) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return <a {...rest} href={pathOf(to)} onClick={follow} />;
}
