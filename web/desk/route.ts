import { useSyncExternalStore } from "react";

/** Places of the desk, below /desk/. */
export type Route =
  | { page: "threads"; thread?: string; at?: number } // at: the sequence of a message to show
  | { page: "search"; query: string }
  | { page: "reports" }
  | { page: "settings"; part: string }
  | { page: "invitation"; token: string };

export function parseRoute(path: string, search = ""): Route {
  const [first = "", second = ""] = path.replace(/^\/desk\/?/, "").split("/").map(decode);
  switch (first) {
    case "threads":
      return second ? { page: "threads", thread: second, ...sequence(search) } : { page: "threads" };
    case "search":
      return { page: "search", query: new URLSearchParams(search).get("query") ?? "" };
    case "reports":
      return { page: "reports" };
    case "settings":
      return { page: "settings", part: second || "me" };
    case "invitations":
      return second ? { page: "invitation", token: second } : { page: "threads" };
    default:
      return { page: "threads" };
  }
}

function sequence(search: string): { at?: number } {
  const at = Number(new URLSearchParams(search).get("at"));
  return Number.isSafeInteger(at) && at > 0 ? { at } : {};
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function pathOf(route: Route): string {
  switch (route.page) {
    case "threads":
      return route.thread ? `/desk/threads/${encodeURIComponent(route.thread)}${route.at ? `?at=${route.at}` : ""}` : "/desk/";
    case "search":
      return `/desk/search${route.query && `?query=${encodeURIComponent(route.query)}`}`;
    case "reports":
      return "/desk/reports";
    case "settings":
      return `/desk/settings/${encodeURIComponent(route.part)}`;
    case "invitation":
      return `/desk/invitations/${encodeURIComponent(route.token)}`;
  }
}

const moved = "parley:moved";

export function navigate(route: Route, replace = false): void {
  const path = pathOf(route);
  if (path === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", path);
  dispatchEvent(new Event(moved));
}

function subscribe(changed: () => void): () => void {
  addEventListener("popstate", changed);
  addEventListener(moved, changed);
  return () => {
    removeEventListener("popstate", changed);
    removeEventListener(moved, changed);
  };
}

export function useRoute(): Route {
  const at = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  const [path = "", search = ""] = at.split("?");
  return parseRoute(path, search);
}
