import { File } from "../../shared/file.tsx";
import type { Language } from "../../shared/language.ts";
import { Markdown } from "../../shared/markdown.tsx";
import { clock, fullMoment } from "../../shared/moment.ts";
import { isVisible, Reply, type Actions } from "../../shared/reply.tsx";
import type { Configuration } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import { Icon } from "./icon.tsx";
import type { Item, Note, Said } from "./log.ts";
import { here, type WireAttachment } from "./wire.ts";
import type { Words } from "./words.ts";

interface Props {
  item: Said;
  previous?: Item;
  chat: Chat;
  config: Configuration;
  words: Words;
  language: Language;
  actions: Actions;
  newest: boolean;
}

export function Message(props: Props) {
  const { item, previous, chat, config, words, language } = props;
  const visible = item.responses.slice(0, item.shown).filter(isVisible);
  if (item.author === "bot" && visible.length === 0) return null;
  const goesOn = previous?.kind === "said" && previous.author === item.author && previous.agent === item.agent && item.at - previous.at < 300_000;
  const name = item.author === "user" ? words("you") : item.author === "bot" ? config.name || words("bot") : item.agent || words("agent");
  return (
    <div className={`message ${item.author}`}>
      <p className={goesOn || item.author === "user" ? "author unseen" : "author"}>{name}</p>
      <div className="bubbles">
        {item.text ? <div className="bubble">{item.author === "user" ? <p className="plain">{item.text}</p> : <Markdown text={item.text} />}</div> : null}
        {item.attachments.map((a, i) => <div className="bubble" key={i}><Attached file={a} language={language} /></div>)}
        {visible.map((response, i) => (
          <div className={`bubble of-${response.type}`} key={i}>
            <Reply response={response} language={language} words={{ openForm: words("openForm"), rate: words("rate") }} actions={props.actions} />
          </div>
        ))}
      </div>
      <p className="under">
        <time dateTime={new Date(item.at).toISOString()} title={fullMoment(item.at, language)}>{clock(item.at, language)}</time>
        {item.progress ? <span className={item.progress}> · {words(item.progress)}</span> : null}
        {item.progress === "failed" ? <button type="button" className="link" onClick={() => chat.retry(item)}>{words("retry")}</button> : null}
        {config.rate_responses && item.author === "bot" && item.messageId ? <Thumbs item={item} chat={chat} words={words} /> : null}
      </p>
      {item.problem ? <p className="problem" role="alert">{item.problem}</p> : null}
    </div>
  );
}

function Attached({ file, language }: { file: WireAttachment; language: Language }) {
  const name = file.filename || file.title || file.name;
  // A picture that is still on its way is shown from the visitor's own device.
  if (file.url?.startsWith("blob:") && file.type === "image") return <img className="own" src={file.url} alt={name ?? ""} />;
  return <File file={{ type: file.type, name, url: here(file.url ?? ""), size: file.size }} language={language} />;
}

function Thumbs({ item, chat, words }: { item: Said; chat: Chat; words: Words }) {
  return (
    <span className="thumbs">
      {([1, -1] as const).map((thumb) => (
        <button key={thumb} type="button" className="thumb" aria-label={words(thumb > 0 ? "good" : "bad")} aria-pressed={item.thumb === thumb} onClick={() => void chat.rateReply(item, thumb)}>
          <Icon name={thumb > 0 ? "good" : "bad"} />
        </button>
      ))}
    </span>
  );
}

export function Remark({ note, words }: { note: Note; words: Words }) {
  return <p className={`note ${note.name}`}>{words(`note_${note.name}`, { ...note.args, name: note.args.name || words("agent") })}</p>;
}
