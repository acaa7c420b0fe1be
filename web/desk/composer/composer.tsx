import { useEffect, useId, useLayoutEffect, useRef, useState, type ClipboardEvent, type DragEvent, type KeyboardEvent } from "react";
import { Button, FileTrigger } from "react-aria-components";
import { explain } from "../account/problem.ts";
import { persist } from "../api/persist.ts";
import type { CannedReply, Row } from "../api/types.ts";
import { useDesk } from "../live/desk.ts";
import type { ThreadStore } from "../thread/store.ts";
import { Icon } from "../ui/icon.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";
import { readDraft, writeDraft } from "./drafts.ts";
import { Suggestions, type Suggestion } from "./suggestions.tsx";
import { findTrigger, mentioned, replaceTrigger, type Trigger } from "./trigger.ts";
import { upload } from "./upload.ts";

type Kind = "message" | "note";

interface Attached {
  key: string;
  name: string;
  file_id?: string;
  fault?: string;
}

/** How often the other side is told that one goes on typing, and after which pause that one stopped. */
const typingEvery = 3_000;
const typingEnds = 5_000;

/** Where an agent writes: to the client, or a private note to the colleagues. */
export function Composer({ store, row }: { store: ThreadStore; row: Row }) {
  const desk = useDesk();
  const { t } = useWords();
  const { agent: me, preferences } = useSignal(desk.me);
  const people = useSignal(desk.agents);
  const [kind, setKind] = useState<Kind>("message");
  const [text, setText] = useState(() => readDraft(row.id, "message"));
  const [files, setFiles] = useState<Attached[]>([]);
  const [trigger, setTrigger] = useState<Trigger | null>(null);
  const [at, setAt] = useState(0); // of the suggestions
  const [canned, setCanned] = useState<CannedReply[] | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const cursor = useRef<number | null>(null);
  const uploading = useUploads();
  const listID = useId();
  const typing = useTyping(store);

  useLayoutEffect(() => {
    const el = area.current;
    if (!el) return;
    el.style.height = "auto";
    el.style.height = `${Math.min(el.scrollHeight, 240)}px`;
    if (cursor.current !== null) {
      el.focus();
      el.setSelectionRange(cursor.current, cursor.current);
      cursor.current = null;
    }
  }, [text, kind]);

  const asksCanned = trigger?.mark === "/" && canned === null;
  useEffect(() => {
    if (!asksCanned) return;
    let wanted = true;
    persist(() => desk.cannedReplies(row.id), () => wanted).then((found) => setCanned(found.canned_replies), () => wanted && setCanned([]));
    return () => void (wanted = false);
  }, [asksCanned, desk, row.id]);

  const suggestions = suggest(trigger, canned ?? [], people);
  const edit = (value: string, place: number) => {
    setText(value);
    writeDraft(row.id, kind, value);
    setTrigger(findTrigger(value, place, kind === "note" ? "@/" : "/"));
    setAt(0);
    if (kind === "message") typing(value !== "");
  };
  const choose = (one: Suggestion) => {
    if (!trigger) return;
    const [value, place] = replaceTrigger(text, trigger, one.text);
    cursor.current = place;
    edit(value, place);
    setTrigger(null);
  };
  const turn = (to: Kind) => {
    setKind(to);
    setText(readDraft(row.id, to));
    setTrigger(null);
    area.current?.focus();
  };

  const ready = files.filter((file) => file.file_id);
  const blocked = row.status === "ended" && kind === "message";
  const waits = files.some((file) => !file.file_id && !file.fault);
  const sendable = !blocked && !waits && (text.trim() !== "" || (kind === "message" && ready.length > 0));
  const send = () => {
    if (!sendable) return;
    store.say({
      kind, text: text.trim(), mentions: kind === "note" ? mentioned(text, people) : [],
      files: kind === "message" ? ready.map((file) => ({ file_id: file.file_id!, name: file.name })) : [],
    });
    edit("", 0);
    typing(false);
    if (kind === "message") setFiles([]);
    area.current?.focus();
  };

  const attach = (chosen: Iterable<File>) => {
    for (const file of chosen) {
      const key = crypto.randomUUID();
      const put = (part: Partial<Attached>) => setFiles((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));
      setFiles((all) => [...all, { key, name: file.name }]);
      uploading.add(key);
      persist(() => upload(row.id, file), () => uploading.has(key)).then((file_id) => put({ file_id }), (error: unknown) => put({ fault: explain(error, t) }));
    }
  };

  const pressed = (event: KeyboardEvent) => {
    if (suggestions.length > 0) {
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      if (step) {
        event.preventDefault();
        setAt((at + step + suggestions.length) % suggestions.length);
        return;
      }
      if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) {
        event.preventDefault();
        choose(suggestions[at]!);
        return;
      }
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        setTrigger(null);
        return;
      }
    }
    const mod = event.ctrlKey || event.metaKey;
    const sends = preferences.send === "mod_enter" ? mod : !event.shiftKey && !event.altKey;
    if (event.key === "Enter" && sends && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    }
  };

  if (!desk.may("answer")) return <p className="composer-off">{t("may_not_answer")}</p>;
  const owner = row.owner.agent;
  const hint = kind === "note" ? "" : blocked ? t("composer_ended") : owner && owner.agent_id !== me.id ? t("composer_takes_over", { name: owner.agent_name }) : !owner ? t("composer_claims") : "";
  return (
    <section
      className={`composer composer-${kind}`} aria-label={t("composer")}
      onDragOver={(event: DragEvent) => event.preventDefault()}
      onDrop={(event: DragEvent) => {
        event.preventDefault();
        if (kind === "message") attach(event.dataTransfer.files);
      }}
    >
      <div className="composer-tabs" role="group" aria-label={t("composer_kind")}>
        <Button data-command="reply" className="composer-tab" aria-pressed={kind === "message"} onPress={() => turn("message")}>{t("reply")}</Button>
        <Button data-command="note" className="composer-tab" aria-pressed={kind === "note"} onPress={() => turn("note")}><Icon name="note" size={14} /> {t("private_note")}</Button>
        <span className="composer-hint">{hint}</span>
      </div>
      <div className="composer-box">
        <Suggestions id={listID} items={suggestions} at={at} label={t(trigger?.mark === "@" ? "mention" : "canned_replies")} onChoose={choose} />
        <textarea
          ref={area} className="composer-text" rows={2} value={text} maxLength={20000} disabled={blocked} data-composer
          placeholder={t(kind === "note" ? "note_placeholder" : "reply_placeholder")} aria-label={t(kind === "note" ? "private_note" : "reply")}
          aria-controls={listID} aria-autocomplete="list" aria-activedescendant={suggestions.length ? `${listID}-${at}` : undefined}
          onChange={(event) => edit(event.target.value, event.target.selectionStart)} onKeyDown={pressed} onBlur={() => setTrigger(null)}
          onPaste={(event: ClipboardEvent) => {
            if (kind !== "message" || event.clipboardData.files.length === 0) return;
            event.preventDefault();
            attach(event.clipboardData.files);
          }}
        />
        {kind === "message" && files.length ? (
          <ul className="attached">
            {files.map((file) => (
              <li key={file.key} className={file.fault ? "attached-bad" : ""}>
                {file.name} <small>{file.fault ?? (file.file_id ? "" : t("uploading"))}</small>
                <IconButton icon="close" label={t("remove_file", { name: file.name })} className="small" onPress={() => {
                  uploading.delete(file.key);
                  setFiles((all) => all.filter((one) => one.key !== file.key));
                }} />
              </li>
            ))}
          </ul>
        ) : null}
        <div className="composer-foot">
          {kind === "message" ? <FileTrigger allowsMultiple onSelect={(list) => list && attach(list)}><IconButton data-command="attach" icon="file" label={t("attach")} isDisabled={blocked} /></FileTrigger> : null}
          <SendChoice />
          <Button className={`button primary ${kind === "note" ? "note-button" : ""}`} isDisabled={!sendable} onPress={send}>
            <Icon name={kind === "note" ? "note" : "send"} size={16} /> {t(kind === "note" ? "add_note" : "send")}
          </Button>
        </div>
      </div>
    </section>
  );
}

/** Whether Enter sends; each person chooses. */
function SendChoice() {
  const desk = useDesk();
  const { t } = useWords();
  const { preferences } = useSignal(desk.me);
  const byMod = preferences.send === "mod_enter";
  const mod = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
  return (
    <Button className="send-choice" onPress={() => void desk.prefer({ send: byMod ? "enter" : "mod_enter" }).catch((error: unknown) => desk.notices.add("error", explain(error, t)))}>
      {t(byMod ? "sends_mod" : "sends_enter", { mod })}
    </Button>
  );
}

function suggest(trigger: Trigger | null, canned: CannedReply[], people: { id: string; name: string; active: boolean }[]): Suggestion[] {
  if (!trigger) return [];
  const word = trigger.word.toLowerCase();
  if (trigger.mark === "@") return people.filter((one) => one.active && one.name.toLowerCase().includes(word)).slice(0, 8).map((one) => ({ id: one.id, label: one.name, text: `@${one.name}` }));
  return canned
    .filter((one) => one.shortcut.toLowerCase().includes(word) || one.text.toLowerCase().includes(word))
    .sort((a, b) => Number(b.shortcut.toLowerCase().startsWith(word)) - Number(a.shortcut.toLowerCase().startsWith(word)) || a.shortcut.localeCompare(b.shortcut))
    .slice(0, 8)
    .map((one) => ({ id: one.id, label: `/${one.shortcut}`, hint: one.rendered ?? one.text, text: one.rendered ?? one.text }));
}

/** The files that are on their way; whoever leaves the thread wants none of them any more. */
function useUploads(): Set<string> {
  const [uploads] = useState(() => new Set<string>());
  useEffect(() => () => uploads.clear(), [uploads]);
  return uploads;
}

/** Tells the client that somebody types, not more often than needed, and when that stopped. */
function useTyping(store: ThreadStore): (active: boolean) => void {
  const told = useRef(0);
  const timer = useRef(0);
  const stop = () => {
    clearTimeout(timer.current);
    if (told.current) store.type("stop");
    told.current = 0;
  };
  useEffect(() => stop, [store]);
  return (active) => {
    if (!active) {
      stop();
      return;
    }
    clearTimeout(timer.current);
    timer.current = window.setTimeout(stop, typingEnds);
    if (Date.now() - told.current < typingEvery) return;
    told.current = Date.now();
    store.type("start");
  };
}
