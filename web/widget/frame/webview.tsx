import { useEffect, useRef } from "react";
import type { Scene } from "./app.tsx";
import { Icon } from "./icon.tsx";

export interface View {
  url: string;
  label: string;
  height?: string;
  trigger_node_id?: string;
}

/** A page of the integration over the chat; it closes itself by posting 'closeModal' (moveo a.14). */
export function Webview({ view, chat, words, language, integration, close }: Scene & { view: View; close: () => void }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const shut = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    shut.current?.focus();
    const hear = (e: MessageEvent) => {
      if (e.source === frame.current?.contentWindow && e.data === "closeModal") close();
    };
    const escape = (e: KeyboardEvent) => {
      if (e.key !== "Escape") return;
      e.preventDefault();
      close();
    };
    addEventListener("message", hear);
    addEventListener("keydown", escape, true);
    return () => {
      removeEventListener("message", hear);
      removeEventListener("keydown", escape, true);
      before?.focus();
    };
  }, []);
  const user = (chat.context.user as { user_id?: string } | undefined)?.user_id;
  const url = new URL(view.url, location.href);
  const parts = { integration_id: integration, session_id: chat.session, user_id: user, channel: "web", trigger_node_id: view.trigger_node_id, lang: language };
  for (const [name, value] of Object.entries(parts)) if (value) url.searchParams.set(name, value);
  return (
    <div className={`sheet ${["tall", "compact", "full"].includes(view.height ?? "") ? view.height : "full"}`} role="dialog" aria-modal="true" aria-label={view.label}>
      <div className="sheet-head">
        <h2>{view.label}</h2>
        <button type="button" className="tool" ref={shut} aria-label={words("close")} onClick={close}><Icon name="close" /></button>
      </div>
      <iframe ref={frame} src={url.href} title={view.label} sandbox="allow-scripts allow-forms allow-same-origin allow-popups" referrerPolicy="no-referrer" />
    </div>
  );
}
