import { useState, type FormEvent } from "react";
import { Button } from "react-aria-components";
import { agents as api } from "../api/desk.ts";
import type { Agent, Role } from "../api/types.ts";
import { useDesk } from "../live/desk.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Copy } from "../ui/copy.tsx";
import { Checks, Entry, Fault, Pick, useWork } from "../ui/form.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";

const roles: Role[] = ["admin", "manager", "agent", "viewer"];
const defaultCapacity = 5;
const maxCapacity = 100;

/** The accounts of the desk. */
export function AgentsPart() {
  const desk = useDesk();
  const { t } = useWords();
  const all = useSignal(desk.agents);
  const me = useSignal(desk.me).agent.id;
  const departments = useSignal(desk.departments);
  const [open, setOpen] = useState<Agent | "new" | null>(null);
  const [closing, setClosing] = useState<Agent | null>(null);
  const [link, setLink] = useState<{ name: string; url: string } | null>(null);
  const { fault, run } = useWork();
  const put = (agent: Agent) => desk.agents.set([...desk.agents.value.filter((one) => one.id !== agent.id), agent].sort((a, b) => a.name.localeCompare(b.name)));
  const activate = (agent: Agent, active: boolean) => {
    setClosing(null);
    void run(async () => put((await api.change(agent.id, { active })).agent), "saved");
  };
  return (
    <>
      <p className="hint">{t("agents_hint")}</p>
      <Button className="button primary" onPress={() => setOpen("new")}>{t("agent_invite")}</Button>
      {link ? <Link name={link.name} url={link.url} /> : null}
      <Fault text={fault} />
      <ul className="cards">
        {all.map((agent) => (
          <li key={agent.id} className={`card-line ${agent.active ? "" : "shut"}`}>
            <Avatar name={agent.name} picture={agent.avatar} seed={agent.id} presence={agent.active ? agent.presence : undefined} />
            <div className="card-text">
              <strong>{agent.name}</strong> <span className="tag">{t(`role_${agent.role}`)}</span>
              {agent.active ? null : <span className="tag">{t("agent_disabled")}</span>}
              {agent.invited ? <span className="tag">{t("agent_invited")}</span> : null}
              <p className="quiet">{agent.email} · {t("agent_capacity", { n: agent.capacity })}{agent.departments.length ? ` · ${agent.departments.map((id) => departments.find((one) => one.id === id)?.name ?? id).join(", ")}` : ""}</p>
            </div>
            <div className="card-actions">
              <Button className="button small" aria-label={t("edit_of", { name: agent.name })} onPress={() => setOpen(agent)}>{t("edit")}</Button>
              {agent.active ? <Button className="button small" aria-label={t("agent_link_of", { name: agent.name })} onPress={() => void run(async () => setLink({ name: agent.name, url: (await api.renew(agent.id)).invitation_url }))}>{t("agent_link")}</Button> : null}
              {agent.id === me ? null : agent.active
                ? <Button className="button small" aria-label={t("agent_disable_of", { name: agent.name })} onPress={() => setClosing(agent)}>{t("agent_disable")}</Button>
                : <Button className="button small" aria-label={t("agent_enable_of", { name: agent.name })} onPress={() => activate(agent, true)}>{t("agent_enable")}</Button>}
            </div>
          </li>
        ))}
      </ul>
      {closing ? <Confirm title={t("agent_disable_ask", { name: closing.name })} text={t("agent_disable_hint")} action={t("agent_disable")} onConfirm={() => activate(closing, false)} onClose={() => setClosing(null)} /> : null}
      {open ? <AgentForm agent={open === "new" ? null : open} onClose={() => setOpen(null)} onSaved={(agent, url) => { put(agent); setOpen(null); setLink(url ? { name: agent.name, url } : null); }} /> : null}
    </>
  );
}

function Link({ name, url }: { name: string; url: string }) {
  const { t } = useWords();
  return (
    <div className="invitation" role="status">
      <p>{t("agent_link_ready", { name })}</p>
      <p className="copy-line"><code>{url}</code> <Copy text={url} label={t("copy")} /></p>
    </div>
  );
}

function AgentForm({ agent, onClose, onSaved }: { agent: Agent | null; onClose: () => void; onSaved: (agent: Agent, url?: string) => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const departments = useSignal(desk.departments);
  const self = agent?.id === desk.me.value.agent.id;
  const [name, setName] = useState(agent?.name ?? "");
  const [email, setEmail] = useState(agent?.email ?? "");
  const [role, setRole] = useState<Role>(agent?.role ?? "agent");
  const [capacity, setCapacity] = useState(String(agent?.capacity ?? defaultCapacity));
  const [belongs, setBelongs] = useState(agent?.departments ?? []);
  const { busy, fault, run } = useWork();
  const number = Number(capacity);
  const bad = capacity.trim() === "" || !Number.isInteger(number) || number < 0 || number > maxCapacity;
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (bad) return;
    const body = { name: name.trim(), email: email.trim(), role, capacity: number, departments: belongs };
    void run(async () => {
      if (agent) onSaved((await api.change(agent.id, body)).agent);
      else {
        const made = await api.invite(body);
        onSaved(made.agent, made.invitation_url);
      }
    }, agent ? "saved" : undefined);
  };
  return (
    <Sheet title={agent ? agent.name : t("agent_invite")} onClose={onClose}>
      <form onSubmit={save}>
        <Entry label={t("name")} value={name} onChange={setName} isRequired maxLength={100} autoFocus />
        <Entry label={t("email")} type="email" value={email} onChange={setEmail} isRequired />
        <Pick label={t("role")} value={role} isDisabled={self} options={roles.map((id) => ({ id, name: `${t(`role_${id}`)}: ${t(`role_${id}_may`)}` }))} onChoose={(id) => setRole(id as Role)} />
        <Entry label={t("capacity")} hint={t("capacity_hint")} value={capacity} onChange={setCapacity} inputMode="numeric" fault={bad ? t("capacity_bad", { most: maxCapacity }) : undefined} />
        <Checks label={t("part_departments")} value={belongs} onChange={setBelongs} options={departments} none={t("departments_none")} />
        <Fault text={fault} />
        <div className="form-actions"><Button className="button" onPress={onClose}>{t("cancel")}</Button><Button type="submit" className="button primary" isPending={busy} isDisabled={!name.trim() || !email.trim() || bad}>{t(agent ? "save" : "agent_invite")}</Button></div>
      </form>
    </Sheet>
  );
}
