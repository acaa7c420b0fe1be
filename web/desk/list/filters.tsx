import { useState, type FormEvent } from "react";
import { Button, Input, Label, ListBox, ListBoxItem, Popover, Select, SelectValue, TextField } from "react-aria-components";
import { explain } from "../account/problem.ts";
import { views } from "../api/desk.ts";
import type { Filter, Status } from "../api/types.ts";
import { useDesk } from "../live/desk.ts";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";

const statuses: Status[] = ["bot", "queued", "open", "snoozed", "resolved", "ended"];

/** What narrows the list; an empty choice narrows nothing. */
export function Filters({ filter, change }: { filter: Filter; change: (part: Partial<Filter>) => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const departments = useSignal(desk.departments);
  const integrations = useSignal(desk.integrations);
  const agents = useSignal(desk.agents);
  return (
    <div className="filters">
      <Choose label={t("status")} none={t("status_active")} value={filter.status} options={[...statuses.map((id) => ({ id, name: t(`status_${id}`) })), { id: "any", name: t("status_any") }]} onChoose={(status) => change({ status: status as Status | undefined })} />
      {departments.length ? <Choose label={t("department")} none={t("anything")} value={filter.department} options={departments} onChoose={(department) => change({ department })} /> : null}
      {integrations.length > 1 ? <Choose label={t("integration")} none={t("anything")} value={filter.integration} options={integrations} onChoose={(integration) => change({ integration })} /> : null}
      {filter.tab === "all" && agents.length ? <Choose label={t("agent")} none={t("anybody")} value={filter.agent} options={agents} onChoose={(agent) => change({ agent })} /> : null}
      <SaveView filter={filter} />
    </div>
  );
}

/** Keeps the filter under a name. */
function SaveView({ filter }: { filter: Filter }) {
  const desk = useDesk();
  const { t } = useWords();
  const [name, setName] = useState("");
  const save = (event: FormEvent) => {
    event.preventDefault();
    views.create({ name: name.trim(), filter }).then((view) => {
      desk.views.set([...desk.views.value, view]);
      setName("");
    }, (error: unknown) => desk.notices.add("error", explain(error, t)));
  };
  return (
    <form className="save-view" onSubmit={save}>
      <TextField className="field" value={name} onChange={setName} aria-label={t("view_name")}><Input placeholder={t("view_name")} /></TextField>
      <Button type="submit" className="button small" isDisabled={name.trim() === ""}>{t("view_save")}</Button>
    </form>
  );
}

const nothing = "-";

export function Choose({ label, none, value, options, onChoose }: { label: string; none: string; value: string | undefined; options: { id: string; name: string }[]; onChoose: (id: string | undefined) => void }) {
  return (
    <Select className="select" value={value || nothing} onChange={(key) => onChoose(key === null || key === nothing ? undefined : String(key))}>
      <Label>{label}</Label>
      <Button className="select-button"><SelectValue /><span aria-hidden="true">▾</span></Button>
      <Popover className="popover">
        <ListBox className="menu" items={[{ id: nothing, name: none }, ...options]}>
          {(option) => <ListBoxItem id={option.id} textValue={option.name} className="menu-item">{option.name}</ListBoxItem>}
        </ListBox>
      </Popover>
    </Select>
  );
}
