import { useEffect, useRef, useState } from "react";
import { Button, Input, SearchField } from "react-aria-components";
import { fullMoment, shortSpan } from "../../shared/moment.ts";
import { explain } from "../account/problem.ts";
import { search } from "../api/desk.ts";
import type { SearchResult, Snippet } from "../api/types.ts";
import { useTitle } from "../live/title.ts";
import { navigate } from "../route.ts";
import { Avatar } from "../ui/avatar.tsx";
import { useNow } from "../ui/clock.ts";
import { Go } from "../ui/go.tsx";
import { Icon } from "../ui/icon.tsx";
import { isWord, useWords } from "../words/words.tsx";
import { pieces } from "./highlight.ts";

/** Looks for words in all messages, and for people. The address holds the query, so it can be shared and gone back to. */
export default function Search({ query }: { query: string }) {
  const { t } = useWords();
  const [text, setText] = useState(query);
  const asked = useRef(query);
  useEffect(() => {
    if (query !== asked.current) setText(query); // back and forward of the browser
    asked.current = query;
  }, [query]);
  useEffect(() => {
    const next = text.trim();
    if (next === asked.current) return;
    const timer = setTimeout(() => {
      asked.current = next;
      navigate({ page: "search", query: next }, true);
    }, 300);
    return () => clearTimeout(timer);
  }, [text]);
  useTitle(t("rail_search"));
  return (
    <main id="main" className="page" tabIndex={-1}>
      <div className="page-body">
        <h1>{t("rail_search")}</h1>
        <SearchField className="find find-large" aria-label={t("search_label")} value={text} onChange={setText} autoFocus maxLength={200}>
          <Icon name="search" size={18} />
          <Input placeholder={t("search_label")} />
          <Button className="icon-button small clear" aria-label={t("search_clear")}><Icon name="close" size={14} /></Button>
        </SearchField>
        {query ? <Results query={query} /> : <p className="empty">{t("search_hint")}</p>}
      </div>
    </main>
  );
}

function Results({ query }: { query: string }) {
  const { t } = useWords();
  const [found, setFound] = useState<SearchResult | null>(null);
  const [fault, setFault] = useState("");
  useEffect(() => {
    let current = true;
    search(query).then((result) => {
      if (!current) return;
      setFound(result);
      setFault("");
    }, (error: unknown) => current && setFault(explain(error, t)));
    return () => {
      current = false;
    };
  }, [query, t]);
  if (fault) return <p className="fault" role="alert">{fault}</p>;
  if (!found) return <p className="empty" role="status">{t("loading")}</p>;
  const { messages, people } = found;
  return (
    <>
      <p className="unseen" role="status">{t("search_found", { messages: messages.length, people: people.length })}</p>
      {messages.length + people.length === 0 ? <p className="empty">{t("nothing_found")}</p> : null}
      {people.length ? <section><h2>{t("search_people")}</h2><ul className="hits">{people.map((person) => <Person key={person.client_id} person={person} />)}</ul></section> : null}
      {messages.length ? <section><h2>{t("search_messages")}</h2><ul className="hits">{messages.map((hit) => <Message key={`${hit.thread_id}-${hit.sequence}`} hit={hit} />)}</ul></section> : null}
    </>
  );
}

function When({ at }: { at: number }) {
  const { language } = useWords();
  const now = useNow(60_000);
  return <time className="row-time" dateTime={new Date(at).toISOString()} title={fullMoment(at, language)}>{shortSpan(now - at, language)}</time>;
}

function Person({ person }: { person: SearchResult["people"][number] }) {
  const { t } = useWords();
  const name = person.name || t("visitor", { id: person.client_id.slice(-4) });
  return (
    <li>
      <Go className="hit" to={{ page: "threads", thread: person.thread_id }}>
        <Avatar name={name} seed={person.client_id} size="s" />
        <span className="hit-text"><strong>{name}</strong>{person.email ? <span className="quiet"> {person.email}</span> : null}</span>
        <When at={person.last_at} />
      </Go>
    </li>
  );
}

function Message({ hit }: { hit: SearchResult["messages"][number] }) {
  const { t } = useWords();
  const by = `by_${hit.author}`;
  return (
    <li>
      <Go className="hit" to={{ page: "threads", thread: hit.thread_id, at: hit.sequence }}>
        <span className="hit-text">
          <span className="hit-head"><strong>{hit.name || t("visitor", { id: hit.thread_id.slice(-4) })}</strong>{isWord(by) ? <span className="tag">{t(by)}</span> : null}</span>
          <Marked snippet={hit.snippet} />
        </span>
        <When at={hit.at} />
      </Go>
    </li>
  );
}

/** The words that were found, marked. Nothing of the text is ever markup. */
export function Marked({ snippet }: { snippet: Snippet }) {
  return <span className="snippet">{pieces(snippet).map((piece, i) => (piece.marked ? <mark key={i}>{piece.text}</mark> : piece.text))}</span>;
}
