import { useEffect, useState } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { fullMoment, shortSpan } from "../../shared/moment.ts";
import { explain } from "../account/problem.ts";
import { integrations, threads } from "../api/desk.ts";
import { persist } from "../api/persist.ts";
import type { Row } from "../api/types.ts";
import { useDesk } from "../live/desk.ts";
import { Avatar } from "../ui/avatar.tsx";
import { useNow } from "../ui/clock.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";
import { Picker, type Choice } from "../ui/picker.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";
import { departmentName } from "./describe.ts";
import { snoozeChoices } from "./snooze.ts";
import type { ThreadStore } from "./store.ts";

/** Who owns the conversation, and what one may do about it. */
export function Takeover({ store, row }: { store: ThreadStore; row: Row }) {
  const desk = useDesk();
  const { t } = useWords();
  const me = useSignal(desk.me).agent;
  const [asks, setAsks] = useState<"transfer" | "return" | "take" | null>(null);
  const [busy, setBusy] = useState(false);
  const mine = row.owner.agent?.agent_id === me.id;
  const alive = row.status !== "ended" && row.status !== "resolved";

  const run = async (action: Promise<{ thread: Row }>) => {
    setBusy(true);
    setAsks(null);
    try {
      await store.act(action);
    } catch (error) {
      desk.notices.add("error", explain(error, t));
    } finally {
      setBusy(false);
    }
  };
  const id = row.id;
  return (
    <div className={`takeover takeover-${row.status}`} role="group" aria-label={t("ownership")}>
      <Who row={row} mine={mine} />
      {desk.may("answer") ? (
        <div className="takeover-actions">
          {alive && row.owner.kind !== "agent" ? <Act key="claim" command="claim" icon="person" label={t("claim")} primary busy={busy} onPress={() => void run(threads.claim(id))} /> : null}
          {alive ? <Act command="transfer" icon="transfer" label={t("transfer")} busy={busy} onPress={() => setAsks("transfer")} /> : null}
          {alive && row.owner.kind !== "bot" ? <Act command="return" icon="bot" label={t("return_to_bot")} busy={busy} onPress={() => setAsks("return")} /> : null}
          {row.status === "snoozed" ? <Act command="wake" icon="clock" label={t("wake")} busy={busy} onPress={() => void run(threads.wake(id))} /> : null}
          {alive && row.owner.kind !== "bot" && row.status !== "snoozed" ? <SnoozeMenu busy={busy} onChoose={(until) => void run(threads.snooze(id, until))} /> : null}
          {alive ? <Act command="resolve" icon="check" label={t("resolve")} busy={busy} onPress={() => void run(threads.resolve(id))} /> : null}
          {alive && row.owner.kind === "agent" && !mine ? <Act key="take" command="take" icon="person" label={t("take_over")} busy={busy} onPress={() => setAsks("take")} /> : null}
          {row.status === "resolved" ? <Act command="reopen" icon="undo" label={t("reopen")} primary busy={busy} onPress={() => void run(threads.reopen(id))} /> : null}
        </div>
      ) : null}
      {/* Claiming never takes from a colleague: who loses a race must not win it by the same press. */}
      {asks === "take" && row.owner.agent ? <Confirm title={t("take_over_title", { name: row.owner.agent.agent_name })} action={t("take_over")} onConfirm={() => void run(threads.claim(id, true))} onClose={() => setAsks(null)} /> : null}
      {asks === "transfer" ? <TransferPicker row={row} onClose={() => setAsks(null)} onChoose={(to) => void run(threads.transfer(id, to))} /> : null}
      {asks === "return" ? <StatePicker row={row} onClose={() => setAsks(null)} onChoose={(state) => void run(threads.giveBack(id, state))} /> : null}
    </div>
  );
}

function Act({ command, icon, label, primary, busy, onPress }: { command: string; icon: IconName; label: string; primary?: boolean; busy: boolean; onPress: () => void }) {
  return (
    <Button data-command={command} className={`button act ${primary ? "primary" : ""}`} isDisabled={busy} onPress={onPress} aria-label={label}>
      <Icon name={icon} size={16} /> <span className="act-word">{label}</span>
    </Button>
  );
}

function Who({ row, mine }: { row: Row; mine: boolean }) {
  const desk = useDesk();
  const { t, language } = useWords();
  const now = useNow(5_000);
  const departments = useSignal(desk.departments);
  const { agent, bot } = row.owner;
  const waits = row.waiting_since ? t("waiting_for", { span: shortSpan(now - row.waiting_since, language) }) : "";
  if (row.status === "ended") return <p className="who"><Icon name="close" size={16} /> {t("owner_ended")}</p>;
  if (row.status === "resolved") return <p className="who"><Icon name="check" size={16} /> {t("owner_resolved")}</p>;
  if (row.status === "snoozed") return <p className="who"><Icon name="snooze" size={16} /> {typeof row.snoozed_until === "number" ? t("owner_snoozed", { at: fullMoment(row.snoozed_until, language) }) : t("owner_snoozed_reply")}</p>;
  if (row.owner.kind === "queue") {
    const department = departmentName(row.department_id, departments);
    return <p className="who"><Icon name="people" size={16} /> {department ? t("owner_queue_in", { department }) : t("owner_queue")} <b>{waits}</b></p>;
  }
  if (row.owner.kind === "agent") {
    return <p className="who"><Avatar name={agent?.agent_name ?? "?"} picture={agent?.agent_avatar} seed={agent?.agent_id ?? ""} size="s" /> {mine ? t("owner_me") : t("owner_agent", { name: agent?.agent_name ?? "" })} <b>{waits}</b></p>;
  }
  const name = [bot?.name || t("bot"), bot?.release ? `r${bot.release}` : ""].filter(Boolean).join(" ");
  return <p className="who"><Icon name="bot" size={16} /> {t("owner_bot", { name })}</p>;
}

function SnoozeMenu({ busy, onChoose }: { busy: boolean; onChoose: (until: number | "reply") => void }) {
  const { t, language } = useWords();
  return (
    <MenuTrigger>
      <Button data-command="snooze" className="button act" isDisabled={busy} aria-label={t("snooze")}><Icon name="snooze" size={16} /> <span className="act-word">{t("snooze")}</span></Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" aria-label={t("snooze")}>
          {snoozeChoices(Date.now()).map(({ word, until }) => (
            <MenuItem key={word} className="menu-item" textValue={t(word)} onAction={() => onChoose(until)}>
              {t(word)} {until === "reply" ? null : <small>{fullMoment(until, language)}</small>}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function TransferPicker({ row, onChoose, onClose }: { row: Row; onChoose: (to: { agent_id: string } | { department_id: string }) => void; onClose: () => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const people = useSignal(desk.agents).filter((agent) => agent.active && agent.role !== "viewer" && agent.id !== row.owner.agent?.agent_id);
  const order = { online: 0, busy: 1, offline: 2 };
  const choices: Choice[] = [
    ...useSignal(desk.departments).map((department) => ({ id: `department:${department.id}`, label: department.name, hint: t("department"), before: <span className="avatar avatar-s"><Icon name="people" size={16} /></span> })),
    ...people.sort((a, b) => order[a.presence] - order[b.presence] || a.name.localeCompare(b.name)).map((agent) => ({
      id: `agent:${agent.id}`, label: agent.name, hint: t(`presence_${agent.presence}`), before: <Avatar name={agent.name} picture={agent.avatar} seed={agent.id} size="s" presence={agent.presence} />,
    })),
  ];
  const choose = (key: string) => {
    const id = key.slice(key.indexOf(":") + 1);
    onChoose(key.startsWith("agent:") ? { agent_id: id } : { department_id: id });
  };
  return <Picker title={t("transfer_title")} choices={choices} empty={t("nobody_else")} onChoose={choose} onClose={onClose} />;
}

/** The key of "where it was". */
const whereItWas = "*";

function StatePicker({ row, onChoose, onClose }: { row: Row; onChoose: (state: string | undefined) => void; onClose: () => void }) {
  const { t } = useWords();
  const [states, setStates] = useState<string[]>([]);
  useEffect(() => {
    let wanted = true;
    persist(() => integrations.states(row.integration_id), () => wanted).then((found) => setStates(found.states), () => undefined); // where it was is always there
    return () => void (wanted = false);
  }, [row.integration_id]);
  const choices: Choice[] = [{ id: whereItWas, label: t("where_it_was"), hint: t("where_it_was_hint") }, ...states.map((state) => ({ id: state, label: state }))];
  return <Picker title={t("return_title")} choices={choices} empty="" onChoose={(id) => onChoose(id === whereItWas ? undefined : id)} onClose={onClose} />;
}
