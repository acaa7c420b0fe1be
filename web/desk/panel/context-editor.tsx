import { useState, type FormEvent, type KeyboardEvent } from "react";
import { Button } from "react-aria-components";
import { explain } from "../account/problem.ts";
import { threads } from "../api/desk.ts";
import { ApiError } from "../api/request.ts";
import type { ThreadDetail } from "../api/types.ts";
import { useDesk } from "../live/desk.ts";
import type { ThreadStore } from "../thread/store.ts";
import { Entry, Fault, Pick } from "../ui/form.tsx";
import { Icon } from "../ui/icon.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords, type Word } from "../words/words.tsx";
import { addTags, at, fields, kindOf, moved, newPath, patchOf, tagsOf, textOf, valueOf, type Field, type Kind, type Path, type Section } from "./context-patch.ts";

const kinds: Kind[] = ["text", "number", "boolean", "json", "empty"];
const titles: [Section, Word][] = [["user", "context_user"], ["global", "context_global"], ["custom", "context_custom"], ["system", "context_system"]];

/** Stands for no value: the place is deleted. */
const nothing = Symbol("nothing");

/** Saves one place of the context, or deletes it. `before` is what stood there when editing began: where it changed since, nothing is written over unseen. */
function useSave(store: ThreadStore) {
  const desk = useDesk();
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const save = async (path: Path, value: unknown, before: unknown): Promise<boolean> => {
    const detail = store.view.value.detail!;
    const now = at(detail.context, path);
    if (moved(before, now)) {
      setFault(t("context_moved", { value: now === undefined ? "—" : textOf(now) }));
      return false;
    }
    setBusy(true);
    setFault("");
    try {
      const { ignored } = await (value === nothing ? threads.dropContext(store.id, patchOf(path, null), detail.version) : threads.patchContext(store.id, patchOf(path, value), detail.version));
      if (ignored.length) desk.notices.add("error", t("context_ignored", { paths: ignored.join(", ") }));
      await store.look();
      return true;
    } catch (error) {
      const conflict = error instanceof ApiError && error.code === "version_conflict";
      if (conflict) await store.look();
      setFault(conflict ? t("context_conflict") : explain(error, t));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, fault, setFault, save };
}

/** Escape leaves a form, and nothing around it. */
function onEscape(leave: () => void) {
  return (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    leave();
  };
}

/** The context document as fields, by section. */
export function ContextEditor({ store, detail }: { store: ThreadStore; detail: ThreadDetail }) {
  const desk = useDesk();
  const { t } = useWords();
  const may = desk.may("answer");
  const all = fields(detail.context, detail.masked ?? []);
  return (
    <div className="context">
      <Tags store={store} tags={tagsOf(detail.context)} masked={(detail.masked ?? []).includes("tags")} may={may} />
      {titles.map(([section, title]) => {
        const inside = all.filter((field) => field.section === section);
        if (section === "system" && inside.length === 0) return null;
        return (
          <section key={section} className="context-section" aria-label={t(title)}>
            <h4>{t(title)}</h4>
            {inside.length === 0 ? <p className="quiet">{t("context_nothing")}</p> : <dl>{inside.map((field) => <FieldLine key={field.path.join(".")} store={store} field={field} may={may} />)}</dl>}
            {may && section !== "system" && section !== "tags" ? <NewKey store={store} section={section} /> : null}
          </section>
        );
      })}
    </div>
  );
}

function FieldLine({ store, field, may }: { store: ThreadStore; field: Field; may: boolean }) {
  const { t } = useWords();
  const [editing, setEditing] = useState(false);
  const name = field.path.slice(field.section === "custom" || field.section === "system" ? 0 : 1).join(".");
  if (editing) return <div className="context-line"><dt className="unseen">{name}</dt><dd><FieldForm store={store} path={field.path} name={name} value={field.value} onClose={() => setEditing(false)} /></dd></div>;
  const shown = field.kind === "empty" ? t("kind_empty") : field.kind === "boolean" ? t(field.value ? "yes" : "no") : textOf(field.value);
  return (
    <div className="context-line">
      <dt>{name}</dt>
      <dd className={`kind-${field.kind}`}>
        {field.masked ? <Masked /> : <span>{shown || "“”"}</span>}
        {may && !field.masked && !field.locked ? <IconButton icon="edit" label={t("edit_of", { name })} className="small context-edit" onPress={() => setEditing(true)} /> : null}
      </dd>
    </div>
  );
}

/** What the role may not see. */
function Masked() {
  const { t } = useWords();
  return <span className="masked"><span aria-hidden="true">***</span><span className="unseen">{t("context_masked")}</span></span>;
}

function FieldForm({ store, path, name, value, onClose }: { store: ThreadStore; path: Path; name: string; value: unknown; onClose: () => void }) {
  const { t } = useWords();
  const [before, setBefore] = useState(value);
  const [kind, setKind] = useState<Kind>(kindOf(value));
  const [text, setText] = useState(textOf(value));
  const { busy, fault, setFault, save } = useSave(store);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const next = valueOf(kind, text);
    if (next === undefined) return setFault(t(`kind_bad_${kind}` as Word));
    put(next);
  };
  const put = (next: unknown) => void save(path, next, before).then((done) => {
    if (done) onClose();
    else setBefore(at(store.view.value.detail?.context, path)); // what is told now; a second press writes over it
  });
  return (
    <form className="context-form" onSubmit={submit} aria-label={name} onKeyDown={onEscape(onClose)}>
      <ValueFields label={name} kind={kind} setKind={(next) => { setKind(next); if (next === "boolean" && text !== "false") setText("true"); }} text={text} setText={setText} />
      <Fault text={fault} />
      <div className="form-actions">
        <Button className="button small danger" isDisabled={busy} onPress={() => put(nothing)}>{t("remove")}</Button>
        <Button className="button small" onPress={onClose}>{t("cancel")}</Button>
        <Button type="submit" className="button small primary" isPending={busy}>{t("save")}</Button>
      </div>
    </form>
  );
}

function ValueFields({ label, kind, setKind, text, setText }: { label: string; kind: Kind; setKind: (kind: Kind) => void; text: string; setText: (text: string) => void }) {
  const { t } = useWords();
  return (
    <>
      {kind === "boolean" ? (
        <Pick label={label} value={text === "false" ? "false" : "true"} options={[{ id: "true", name: t("yes") }, { id: "false", name: t("no") }]} onChoose={setText} />
      ) : kind === "empty" ? (
        <p className="context-empty">{label}: {t("kind_empty")}</p>
      ) : (
        <Entry label={label} value={text} onChange={setText} {...(kind === "json" || text.includes("\n") || text.length > 60 ? { rows: 4 } : {})} {...(kind === "number" ? { inputMode: "decimal" as const } : {})} autoFocus />
      )}
      <Pick label={t("kind")} value={kind} options={kinds.map((id) => ({ id, name: t(`kind_${id}`) }))} onChoose={(id) => setKind(id as Kind)} />
    </>
  );
}

function NewKey({ store, section }: { store: ThreadStore; section: "user" | "global" | "custom" }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const [kind, setKind] = useState<Kind>("text");
  const [text, setText] = useState("");
  const { busy, fault, setFault, save } = useSave(store);
  const close = () => {
    setOpen(false);
    setName("");
    setText("");
    setKind("text");
    setFault("");
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const path = newPath(store.view.value.detail!.context, section, name);
    const value = valueOf(kind, kind === "boolean" && text === "" ? "true" : text);
    if (typeof path === "string") setFault(t(`key_${path}`));
    else if (value === undefined) setFault(t(`kind_bad_${kind}` as Word));
    else void save(path, value, undefined).then((done) => done && close());
  };
  if (!open) return <Button className="link-button context-add" aria-label={t("context_add_to", { section: t(`context_${section}`) })} onPress={() => setOpen(true)}>{t("context_add")}</Button>;
  return (
    <form className="context-form" onSubmit={submit} aria-label={t("context_add_to", { section: t(`context_${section}`) })} onKeyDown={onEscape(close)}>
      <Entry label={t("key_name")} hint={t("key_hint")} value={name} onChange={setName} autoFocus isRequired />
      <ValueFields label={t("value")} kind={kind} setKind={setKind} text={text} setText={setText} />
      <Fault text={fault} />
      <div className="form-actions"><Button className="button small" onPress={close}>{t("cancel")}</Button><Button type="submit" className="button small primary" isPending={busy}>{t("add")}</Button></div>
    </form>
  );
}

function Tags({ store, tags, masked, may }: { store: ThreadStore; tags: string[]; masked: boolean; may: boolean }) {
  const { t } = useWords();
  const [text, setText] = useState("");
  const { busy, fault, save } = useSave(store);
  const put = (next: string[]) => save(["tags"], next, at(store.view.value.detail?.context, ["tags"]));
  const add = (event: FormEvent) => {
    event.preventDefault();
    const next = addTags(tags, text);
    if (next.length > tags.length) void put(next).then((done) => done && setText(""));
  };
  if (masked) return <section className="context-section" aria-label={t("context_tags")}><h4>{t("context_tags")}</h4><Masked /></section>;
  return (
    <section className="context-section" aria-label={t("context_tags")}>
      <h4>{t("context_tags")}</h4>
      {tags.length ? (
        <ul className="chips">
          {tags.map((tag) => <li key={tag} className="chip">{tag}{may ? <> <Button className="chip-remove" aria-label={t("remove_of", { name: tag })} isDisabled={busy} onPress={() => void put(tags.filter((other) => other !== tag))}><Icon name="close" size={12} /></Button></> : null}</li>)}
        </ul>
      ) : <p className="quiet">{t("context_nothing")}</p>}
      {may ? (
        <form className="tag-form" onSubmit={add}>
          <Entry label={t("tag_new")} value={text} onChange={setText} className="tag-entry" />
          <Button type="submit" className="button" isPending={busy} isDisabled={text.trim() === ""}>{t("add")}</Button>
        </form>
      ) : null}
      <Fault text={fault} />
    </section>
  );
}

/** Draws its store's context; nothing until it was read. */
export function Context({ store }: { store: ThreadStore }) {
  const { detail } = useSignal(store.view);
  return detail ? <ContextEditor store={store} detail={detail} /> : null;
}
