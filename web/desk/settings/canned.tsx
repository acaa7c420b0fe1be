import { useEffect, useState, type FormEvent } from "react";
import { Button } from "react-aria-components";
import { Markdown } from "../../shared/markdown.tsx";
import { explain } from "../account/problem.ts";
import { cannedReplies as api } from "../api/desk.ts";
import type { CannedReply } from "../api/types.ts";
import { useDesk } from "../live/desk.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Entry, Fault, Pick, Toggle, useWork } from "../ui/form.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";
import { preview, unknownVariable } from "./template.ts";

const maxShortcut = 32;

/** The texts that a slash brings into an answer: one's own, and everybody's. */
export function CannedPart() {
  const desk = useDesk();
  const { t } = useWords();
  const departments = useSignal(desk.departments);
  const [all, setAll] = useState<CannedReply[] | null>(null);
  const [open, setOpen] = useState<CannedReply | "new" | null>(null);
  const [leaving, setLeaving] = useState<CannedReply | null>(null);
  const { fault, run, setFault } = useWork();
  useEffect(() => {
    api.list().then((found) => setAll(found.canned_replies), (error: unknown) => setFault(explain(error, t)));
  }, []);
  const put = (reply: CannedReply) => setAll((was) => [...(was ?? []).filter((one) => one.id !== reply.id), reply].sort((a, b) => a.shortcut.localeCompare(b.shortcut)));
  const remove = (reply: CannedReply) => {
    setLeaving(null);
    void run(async () => {
      await api.remove(reply.id);
      setAll((was) => (was ?? []).filter((one) => one.id !== reply.id));
    }, "removed");
  };
  return (
    <>
      <p className="hint">{t("canned_hint")}</p>
      <Button className="button primary" onPress={() => setOpen("new")}>{t("canned_new")}</Button>
      <Fault text={fault} />
      {all?.length === 0 ? <p className="empty">{t("canned_none")}</p> : null}
      <ul className="cards">
        {(all ?? []).map((reply) => {
          const mine = reply.owner !== "" || desk.may("manage");
          const place = departments.find((one) => one.id === reply.department)?.name;
          return (
            <li key={reply.id} className="card-line">
              <div className="card-text">
                <strong>/{reply.shortcut}</strong> <span className="tag">{t(reply.owner ? "canned_own" : "canned_shared")}</span>{place ? <span className="tag">{place}</span> : null}
                <p className="quiet clamp">{reply.text}</p>
              </div>
              {mine ? (
                <div className="card-actions">
                  <Button className="button small" aria-label={t("edit_of", { name: reply.shortcut })} onPress={() => setOpen(reply)}>{t("edit")}</Button>
                  <Button className="button small" aria-label={t("remove_of", { name: reply.shortcut })} onPress={() => setLeaving(reply)}>{t("remove")}</Button>
                </div>
              ) : null}
            </li>
          );
        })}
      </ul>
      {leaving ? <Confirm title={t("remove_ask", { name: `/${leaving.shortcut}` })} action={t("remove")} onConfirm={() => remove(leaving)} onClose={() => setLeaving(null)} /> : null}
      {open ? <ReplyForm reply={open === "new" ? null : open} onClose={() => setOpen(null)} onSaved={(reply) => { put(reply); setOpen(null); }} /> : null}
    </>
  );
}

function ReplyForm({ reply, onClose, onSaved }: { reply: CannedReply | null; onClose: () => void; onSaved: (reply: CannedReply) => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const departments = useSignal(desk.departments);
  const [shortcut, setShortcut] = useState(reply?.shortcut ?? "");
  const [text, setText] = useState(reply?.text ?? "");
  const [department, setDepartment] = useState(reply?.department ?? "");
  const [shared, setShared] = useState(reply ? reply.owner === "" : false);
  const { busy, fault, run } = useWork();
  const unknown = unknownVariable(text);
  const badShortcut = /[\s/]/.test(shortcut);
  const save = (event: FormEvent) => {
    event.preventDefault();
    const body = { shortcut, text, department, ...(desk.may("manage") ? { shared } : {}) };
    void run(async () => onSaved(await (reply ? api.change(reply.id, body) : api.create(body))), "saved");
  };
  return (
    <Sheet title={reply ? `/${reply.shortcut}` : t("canned_new")} onClose={onClose}>
      <form onSubmit={save}>
        <Entry label={t("canned_shortcut")} hint={t("canned_shortcut_hint")} value={shortcut} onChange={setShortcut} isRequired maxLength={maxShortcut} autoFocus fault={badShortcut ? t("canned_shortcut_bad") : undefined} />
        <Entry label={t("canned_text")} hint={t("canned_variables")} rows={5} value={text} onChange={setText} isRequired fault={unknown ? t("canned_unknown", { name: unknown }) : undefined} />
        {text ? <div className="preview" role="group" aria-label={t("preview")}><p className="quiet">{t("preview")}</p><Markdown text={preview(text, t("preview_client"), desk.me.value.agent.name)} /></div> : null}
        {departments.length ? <Pick label={t("department")} value={department || "-"} options={[{ id: "-", name: t("anything") }, ...departments]} onChoose={(id) => setDepartment(id === "-" ? "" : id)} /> : null}
        {desk.may("manage") ? <Toggle on={shared} onChange={setShared}>{t("canned_share")}</Toggle> : null}
        <Fault text={fault} />
        <div className="form-actions"><Button className="button" onPress={onClose}>{t("cancel")}</Button><Button type="submit" className="button primary" isPending={busy} isDisabled={!shortcut || !text.trim() || badShortcut || unknown !== null}>{t("save")}</Button></div>
      </form>
    </Sheet>
  );
}
