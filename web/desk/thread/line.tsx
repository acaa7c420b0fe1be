import { memo } from "react";
import { Button } from "react-aria-components";
import { File, type Attachment } from "../../shared/file.tsx";
import { Markdown } from "../../shared/markdown.tsx";
import { clock, dayName, fullMoment } from "../../shared/moment.ts";
import { isVisible, Reply } from "../../shared/reply.tsx";
import { explain } from "../account/problem.ts";
import type { DeskEvent, EventFile } from "../api/types.ts";
import { useDesk } from "../live/desk.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon } from "../ui/icon.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords, type Words } from "../words/words.tsx";
import { describe } from "./describe.ts";
import type { ThreadStore } from "./store.ts";
import type { Line, Outgoing, Receipt } from "./timeline.ts";

/** One line of a thread. Lines never change but for their receipt, so each is drawn once. */
export const LineView = memo(function LineView({ line, store, name, picture, seed }: { line: Line; store: ThreadStore; name: string; picture: string | undefined; seed: string }) {
  const { language } = useWords();
  switch (line.kind) {
    case "day":
      return <p className="day-line"><time dateTime={new Date(line.at).toISOString()}>{dayName(line.at, Date.now(), language)}</time></p>;
    case "system":
      return <SystemLine event={line.event} />;
    case "outgoing":
      return <OutgoingLine outgoing={line.outgoing} store={store} />;
    case "message":
      return <Message line={line} name={name} picture={picture} seed={seed} />;
  }
}, (a, b) => a.store === b.store && a.name === b.name && a.picture === b.picture && sameLine(a.line, b.line));

function SystemLine({ event }: { event: DeskEvent }) {
  const { t, language } = useWords();
  const departments = useSignal(useDesk().departments);
  return (
    <p data-sequence={event.sequence} className={`system-line ${event.kind === "turn:failed" ? "system-bad" : ""}`}>
      {describe(event, t, language, departments)} <time dateTime={new Date(event.at).toISOString()} title={fullMoment(event.at, language)}>{clock(event.at, language)}</time>
    </p>
  );
}

function sameLine(a: Line, b: Line): boolean {
  if (a.kind === "message" && b.kind === "message") return a.event === b.event && a.follows === b.follows && a.receipt === b.receipt && a.thumb === b.thumb;
  if (a.kind === "outgoing" && b.kind === "outgoing") return a.outgoing === b.outgoing;
  return a.kind === b.kind && a.key === b.key;
}

function authorName(event: DeskEvent, client: string, t: Words): string {
  if (event.author === "user") return client;
  if (event.author === "bot") return t("bot");
  return event.agent?.agent_name || t(event.author === "external" ? "external_agent" : "agent");
}

function Message({ line, name, picture, seed }: { line: Extract<Line, { kind: "message" }>; name: string; picture: string | undefined; seed: string }) {
  const { t, language } = useWords();
  const { event } = line;
  const author = authorName(event, name, t);
  const own = event.author !== "user";
  return (
    <article data-sequence={event.sequence} className={`message from-${event.author} ${own ? "own" : ""} ${line.follows ? "follows" : ""} ${event.suppressed ? "suppressed" : ""}`}>
      {line.follows ? <span className="avatar-room" /> : event.author === "bot" ? <span className="avatar avatar-s bot-face" aria-hidden="true"><Icon name="bot" size={16} /></span> : <Avatar name={author} picture={event.author === "user" ? picture : event.agent?.agent_avatar} seed={event.author === "user" ? seed : (event.agent?.agent_id ?? author)} size="s" />}
      <div className="message-body">
        <p className={line.follows ? "unseen" : "message-author"}>
          {author}
          {event.author === "note" ? <span className="mark mark-note"><Icon name="note" size={12} /> {t("private_note")}</span> : null}
          {event.suppressed ? <span className="mark">{t("suppressed")}</span> : null}
        </p>
        <div className="bubble"><Content event={event} /></div>
        <p className="message-foot">
          <time dateTime={new Date(event.at).toISOString()} title={fullMoment(event.at, language)}>{clock(event.at, language)}</time>
          {line.receipt ? <ReceiptMark receipt={line.receipt} /> : null}
          {line.thumb ? <span className={`thumb ${line.thumb < 0 ? "down" : ""}`}><Icon name="thumb" size={13} /><span className="unseen">{t(line.thumb > 0 ? "thumb_up" : "thumb_down")}</span></span> : null}
        </p>
      </div>
    </article>
  );
}

function Content({ event }: { event: DeskEvent }) {
  const { t, language } = useWords();
  if (event.author === "bot") {
    const words = { openForm: t("open_form"), rate: t("rate") };
    return <>{(event.responses ?? []).filter(isVisible).map((response, i) => <div key={i} className="reply"><Reply response={response} language={language} words={words} /></div>)}</>;
  }
  return (
    <>
      {event.input?.text ? event.author === "user" ? <p className="plain-text">{event.input.text}</p> : <Markdown text={event.input.text} /> : null}
      {(event.input?.attachments ?? []).map((file, i) => <File key={i} file={attachment(file)} language={language} />)}
    </>
  );
}

/** A file of ours comes through the desk, so that its address needs no secret; others from where they are. */
function attachment(file: EventFile): Attachment {
  const id = file.file_id ?? file.id;
  const kind = file.mime_type ?? file.type;
  return {
    url: id ? `/desk/api/files/${encodeURIComponent(id)}` : (file.url ?? ""),
    name: file.filename ?? file.name ?? "",
    ...(kind ? { type: kind } : {}),
    ...(file.size ? { size: file.size } : {}),
  };
}

function ReceiptMark({ receipt }: { receipt: Receipt }) {
  const { t } = useWords();
  return <span className={`receipt receipt-${receipt}`} title={t(`receipt_${receipt}`)}><Icon name={receipt === "sent" ? "check" : "checks"} size={14} /><span className="unseen">{t(`receipt_${receipt}`)}</span></span>;
}

function OutgoingLine({ outgoing, store }: { outgoing: Outgoing; store: ThreadStore }) {
  const { t } = useWords();
  return (
    <article className={`message own follows outgoing ${outgoing.kind === "note" ? "from-note" : "from-agent"}`}>
      <span className="avatar-room" />
      <div className="message-body">
        <div className="bubble">
          {outgoing.text ? <Markdown text={outgoing.text} /> : null}
          {outgoing.files.map((file) => <span key={file.file_id} className="file">{file.name}</span>)}
        </div>
        {outgoing.state === "failed" ? (
          <p className="message-foot fault">
            {t("send_failed", { reason: explain(outgoing.error, t) })}
            <Button className="link-button" onPress={() => store.retry(outgoing.id)}>{t("try_again")}</Button>
            <Button className="link-button" onPress={() => store.discard(outgoing.id)}>{t("discard")}</Button>
          </p>
        ) : <p className="message-foot">{t(outgoing.state === "waiting" ? "send_waiting" : "sending")}</p>}
      </div>
    </article>
  );
}
