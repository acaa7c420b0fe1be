import { useState, type FormEvent } from "react";
import { Button } from "react-aria-components";
import { agents as agentApi, departments as api } from "../api/desk.ts";
import type { Department } from "../api/types.ts";
import { useDesk } from "../live/desk.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Checks, Entry, Fault, Pick, Toggle, useWork } from "../ui/form.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";
import { draftFault, draftOf, hoursOf, HoursEditor } from "./hours-editor.tsx";

const strategies = ["longest_waiting", "round_robin", "least_busy"] as const;

/** Seconds to choose from; what a department already has is one of them, too. */
const waits = [0, 60, 300, 900, 3600];

/** Groups of agents with a queue and hours of their own. */
export function DepartmentsPart() {
  const desk = useDesk();
  const { t } = useWords();
  const all = useSignal(desk.departments);
  const people = useSignal(desk.agents);
  const [open, setOpen] = useState<Department | "new" | null>(null);
  const [leaving, setLeaving] = useState<Department | null>(null);
  const { fault, run } = useWork();
  const remove = (department: Department) => {
    setLeaving(null);
    void run(async () => {
      await api.remove(department.id);
      desk.departments.set(desk.departments.value.filter((one) => one.id !== department.id));
    }, "removed");
  };
  return (
    <>
      <p className="hint">{t("departments_hint")}</p>
      <Button className="button primary" onPress={() => setOpen("new")}>{t("department_new")}</Button>
      <Fault text={fault} />
      {all.length === 0 ? <p className="empty">{t("departments_none")}</p> : null}
      <ul className="cards">
        {all.map((department) => (
          <li key={department.id} className="card-line">
            <div className="card-text">
              <strong>{department.name}</strong>
              {department.default ? <span className="tag">{t("department_default")}</span> : null}
              {department.sticky ? <span className="tag">{t("department_sticky_tag")}</span> : null}
              <p className="quiet">{t(`strategy_${department.strategy}`)} · {department.hours ? department.hours.time_zone : t("hours_always")} · {t("department_members", { n: people.filter((agent) => agent.departments.includes(department.id)).length })}</p>
            </div>
            <div className="card-actions">
              <Button className="button small" aria-label={t("edit_of", { name: department.name })} onPress={() => setOpen(department)}>{t("edit")}</Button>
              <Button className="button small" aria-label={t("remove_of", { name: department.name })} onPress={() => setLeaving(department)}>{t("remove")}</Button>
            </div>
          </li>
        ))}
      </ul>
      {leaving ? <Confirm title={t("department_remove_ask", { name: leaving.name })} text={t("department_remove_hint")} action={t("remove")} onConfirm={() => remove(leaving)} onClose={() => setLeaving(null)} /> : null}
      {open ? <DepartmentForm department={open === "new" ? null : open} onClose={() => setOpen(null)} /> : null}
    </>
  );
}

function DepartmentForm({ department, onClose }: { department: Department | null; onClose: () => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const integrations = useSignal(desk.integrations);
  const people = useSignal(desk.agents).filter((agent) => agent.active && agent.role !== "viewer");
  const before = people.filter((agent) => department && agent.departments.includes(department.id)).map((agent) => agent.id);
  const [name, setName] = useState(department?.name ?? "");
  const [strategy, setStrategy] = useState<Department["strategy"]>(department?.strategy ?? "longest_waiting");
  const [sticky, setSticky] = useState(department?.sticky ?? false);
  const [first, setFirst] = useState(department?.default ?? false);
  const [requeue, setRequeue] = useState(department?.requeue_after ?? 300);
  const [serves, setServes] = useState(department?.integrations ?? []);
  const [hours, setHours] = useState(() => draftOf(department ? department.hours : null));
  const [members, setMembers] = useState(before);
  const { busy, fault, run } = useWork();
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (draftFault(hours)) return;
    const body = { name: name.trim(), strategy, sticky, default: first, requeue_after: requeue, integrations: serves, hours: hoursOf(hours) };
    void run(async () => {
      const saved = await (department ? api.change(department.id, body) : api.create(body));
      desk.departments.set([...desk.departments.value.filter((one) => one.id !== saved.id), saved].sort((a, b) => a.name.localeCompare(b.name)));
      await moveMembers(saved.id);
      onClose();
    }, "saved");
  };
  // Who belongs to a department is said by the agents' accounts, which are the admins'.
  const moveMembers = async (id: string) => {
    for (const agent of people) {
      const belongs = members.includes(agent.id);
      if (belongs === before.includes(agent.id)) continue;
      const { agent: saved } = await agentApi.change(agent.id, { departments: belongs ? [...agent.departments, id] : agent.departments.filter((one) => one !== id) });
      desk.agents.set(desk.agents.value.map((one) => (one.id === saved.id ? saved : one)));
    }
  };
  return (
    <Sheet title={department ? department.name : t("department_new")} onClose={onClose}>
      <form onSubmit={save}>
        <Entry label={t("name")} value={name} onChange={setName} isRequired maxLength={100} autoFocus />
        <Pick label={t("strategy")} value={strategy} options={strategies.map((id) => ({ id, name: t(`strategy_${id}`) }))} onChoose={(id) => setStrategy(id as Department["strategy"])} />
        <Toggle on={sticky} onChange={setSticky} hint={t("department_sticky_hint")}>{t("department_sticky")}</Toggle>
        <Toggle on={first} onChange={setFirst} hint={t("department_default_hint")}>{t("department_default")}</Toggle>
        <Pick label={t("department_requeue")} value={String(requeue)} onChoose={(id) => setRequeue(Number(id))}
          options={[...new Set([...waits, requeue])].sort((a, b) => a - b).map((s) => ({ id: String(s), name: s === 0 ? t("department_requeue_never") : t("department_requeue_after", { n: Math.ceil(s / 60) }) }))} />
        {integrations.length > 1 ? <Checks label={t("department_serves")} value={serves} options={integrations} onChange={setServes} /> : null}
        <HoursEditor draft={hours} onChange={setHours} />
        {desk.may("admin") ? <Checks label={t("department_people")} value={members} options={people} onChange={setMembers} /> : <p className="quiet">{t("department_people_admin")}</p>}
        <Fault text={fault} />
        <div className="form-actions"><Button className="button" onPress={onClose}>{t("cancel")}</Button><Button type="submit" className="button primary" isPending={busy} isDisabled={!name.trim() || draftFault(hours) !== null}>{t("save")}</Button></div>
      </form>
    </Sheet>
  );
}
