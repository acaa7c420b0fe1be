import { useState, type FormEvent } from "react";
import { Button } from "react-aria-components";
import { views as api } from "../api/desk.ts";
import type { Filter, View } from "../api/types.ts";
import { useDesk, type Desk } from "../live/desk.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Entry, Fault, Toggle, useWork } from "../ui/form.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords, type Words } from "../words/words.tsx";

/** Filters of the list that were kept under a name. They are made beside the list, and looked after here. */
export function ViewsPart() {
  const desk = useDesk();
  const { t } = useWords();
  const all = useSignal(desk.views);
  const [open, setOpen] = useState<View | null>(null);
  const [leaving, setLeaving] = useState<View | null>(null);
  const { fault, run } = useWork();
  const remove = (view: View) => {
    setLeaving(null);
    void run(async () => {
      await api.remove(view.id);
      desk.views.set(desk.views.value.filter((one) => one.id !== view.id));
    }, "removed");
  };
  return (
    <>
      <p className="hint">{t("views_hint")}</p>
      <Fault text={fault} />
      {all.length === 0 ? <p className="empty">{t("views_none")}</p> : null}
      <ul className="cards">
        {all.map((view) => (
          <li key={view.id} className="card-line">
            <div className="card-text"><strong>{view.name}</strong> <span className="tag">{t(view.owner ? "canned_own" : "canned_shared")}</span><p className="quiet">{describe(view.filter, desk, t)}</p></div>
            {view.owner || desk.may("manage") ? (
              <div className="card-actions">
                <Button className="button small" aria-label={t("edit_of", { name: view.name })} onPress={() => setOpen(view)}>{t("edit")}</Button>
                <Button className="button small" aria-label={t("remove_of", { name: view.name })} onPress={() => setLeaving(view)}>{t("remove")}</Button>
              </div>
            ) : null}
          </li>
        ))}
      </ul>
      {leaving ? <Confirm title={t("remove_ask", { name: leaving.name })} action={t("remove")} onConfirm={() => remove(leaving)} onClose={() => setLeaving(null)} /> : null}
      {open ? <ViewForm view={open} onClose={() => setOpen(null)} /> : null}
    </>
  );
}

/** What a view narrows the list to, in words. */
function describe(filter: Partial<Filter>, desk: Desk, t: Words): string {
  const name = (all: { id: string; name: string }[], id: string | undefined) => id && (all.find((one) => one.id === id)?.name ?? id);
  return [
    t(`tab_${filter.tab ?? "all"}`), filter.status && t(`status_${filter.status}`), name(desk.departments.value, filter.department), name(desk.integrations.value, filter.integration),
    name(desk.agents.value, filter.agent), filter.query && `“${filter.query}”`,
  ].filter(Boolean).join(" · ");
}

function ViewForm({ view, onClose }: { view: View; onClose: () => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const [name, setName] = useState(view.name);
  const [shared, setShared] = useState(view.owner === "");
  const { busy, fault, run } = useWork();
  const save = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      const saved = await api.change(view.id, { name: name.trim(), ...(desk.may("manage") ? { shared } : {}) });
      desk.views.set(desk.views.value.map((one) => (one.id === saved.id ? saved : one)));
      onClose();
    }, "saved");
  };
  return (
    <Sheet title={view.name} onClose={onClose}>
      <form onSubmit={save}>
        <Entry label={t("name")} value={name} onChange={setName} isRequired maxLength={100} autoFocus />
        {desk.may("manage") ? <Toggle on={shared} onChange={setShared}>{t("view_share")}</Toggle> : null}
        <Fault text={fault} />
        <div className="form-actions"><Button className="button" onPress={onClose}>{t("cancel")}</Button><Button type="submit" className="button primary" isPending={busy} isDisabled={!name.trim()}>{t("save")}</Button></div>
      </form>
    </Sheet>
  );
}
