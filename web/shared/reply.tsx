import { File } from "./file.tsx";
import { safeLink, safeMedia } from "./link.ts";
import { Markdown } from "./markdown.tsx";

/** One response of a bot (moveo e). Fields that a type does not have are absent. */
export interface Response {
  type: string;
  action_id?: string;
  text?: string;
  options?: { label?: string; text: string }[];
  url?: string;
  name?: string;
  label?: string;
  size?: number;
  height?: string;
  duration?: number;
  show_typing?: boolean;
  trigger_node_id?: string;
  cards?: Card[];
}

export interface Card {
  title?: string;
  subtitle?: string;
  media?: { type?: string; url: string };
  buttons?: CardButton[];
  default_action?: CardButton;
}

export interface CardButton {
  type: string; // postback | url | webview | phone
  label?: string;
  value?: string;
  url?: string;
  trigger_node_id?: string;
  height?: string;
}

/** What a reader of a reply may do. A desk only looks, so it gives no functions and every button is inert. */
export interface Actions {
  say?: (text: string) => void;
  openWebview?: (view: { url: string; label: string; height?: string; trigger_node_id?: string }) => void;
}

export interface ReplyWords {
  openForm: string;
  rate: string;
}

export function Reply({ response, language, words, actions = {} }: { response: Response; language: string; words: ReplyWords; actions?: Actions }) {
  switch (response.type) {
    case "text":
      return (
        <>
          {response.text ? <Markdown text={response.text} /> : null}
          <Options options={response.options ?? []} say={actions.say} />
        </>
      );
    case "image":
    case "audio":
    case "video":
    case "file":
      return <File file={{ ...response, url: response.url ?? "" }} language={language} />;
    case "url":
      return <Markdown text={response.url ?? ""} />;
    case "carousel":
      return <Carousel cards={response.cards ?? []} actions={actions} />;
    case "webview":
    case "survey":
      return <View response={response} label={response.label || response.name || (response.type === "survey" ? words.rate : words.openForm)} actions={actions} />;
    default: // pause, handover and close say nothing
      return null;
  }
}

/** Whether a response shows anything; pauses and hand-overs do not. */
export function isVisible(response: Response): boolean {
  return !["pause", "handover", "close"].includes(response.type);
}

function Options({ options, say }: { options: { label?: string; text: string }[]; say?: (text: string) => void }) {
  if (options.length === 0) return null;
  return (
    <ul className="options">
      {options.map((option, i) => (
        <li key={i}>
          <button type="button" className="option" disabled={!say} onClick={() => say?.(option.text)}>{option.label || option.text}</button>
        </li>
      ))}
    </ul>
  );
}

function View({ response, label, actions }: { response: Response; label: string; actions: Actions }) {
  const url = safeMedia(response.url ?? "");
  const open = actions.openWebview;
  return (
    <button type="button" className="option view" disabled={!open || url === null} onClick={() => url !== null && open?.({ url, label, height: response.height, trigger_node_id: response.trigger_node_id })}>
      {label}
    </button>
  );
}

function Carousel({ cards, actions }: { cards: Card[]; actions: Actions }) {
  return (
    <ul className="carousel" tabIndex={0}>
      {cards.map((card, i) => {
        const media = card.media && safeMedia(card.media.url);
        return (
          <li key={i} className="card">
            {media ? card.media?.type === "video" ? <video src={media} controls preload="none" /> : <img src={media} alt="" loading="lazy" decoding="async" /> : null}
            <strong className="card-title">{card.title}</strong>
            {card.subtitle ? <span className="card-subtitle">{card.subtitle}</span> : null}
            {(card.buttons ?? []).map((button, j) => <Press key={j} button={button} actions={actions} />)}
          </li>
        );
      })}
    </ul>
  );
}

function Press({ button, actions }: { button: CardButton; actions: Actions }) {
  const label = button.label || button.value || button.url || "";
  if (button.type === "url" || button.type === "phone") {
    const url = safeLink(button.type === "phone" ? `tel:${button.value ?? ""}` : (button.url ?? ""));
    if (url === null) return <span className="option">{label}</span>;
    return <a className="option" href={url} target="_blank" rel="noopener noreferrer nofollow">{label}</a>;
  }
  if (button.type === "webview") return <View response={{ ...button, type: "webview" }} label={label} actions={actions} />;
  const { say } = actions;
  return <button type="button" className="option" disabled={!say} onClick={() => say?.(button.value || label)}>{label}</button>;
}
