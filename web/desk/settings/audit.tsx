import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { fullMoment } from "../../shared/moment.ts";
import { agents as api } from "../api/desk.ts";
import type { AuditEntry } from "../api/types.ts";
import { useDesk } from "../live/desk.ts";
import { Fault, useWork } from "../ui/form.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";

/** Who did what to accounts and data, newest first. */
export function AuditPart() {
  const desk = useDesk();
  const { t, language } = useWords();
  const people = useSignal(desk.agents);
  const [entries, setEntries] = useState<AuditEntry[]>([]);
  const [next, setNext] = useState<string | null | undefined>(); // undefined: nothing was read yet
  const { busy, fault, run } = useWork();
  const more = () => void run(async () => {
    const page = await api.audit(next ?? undefined);
    setEntries((was) => [...was, ...page.entries.filter((entry) => !was.some((one) => one.id === entry.id))]);
    setNext(page.next);
  });
  useEffect(more, []);
  const nameOf = (id: string) => people.find((agent) => agent.id === id)?.name ?? id;
  return (
    <>
      <p className="hint">{t("audit_hint")}</p>
      <div className="table-box" tabIndex={0} role="group" aria-label={t("part_audit")}>
        <table className="audit">
          <thead><tr><th scope="col">{t("audit_at")}</th><th scope="col">{t("audit_who")}</th><th scope="col">{t("audit_action")}</th><th scope="col">{t("audit_subject")}</th><th scope="col">{t("audit_address")}</th></tr></thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.id}>
                <td className="nowrap"><time dateTime={new Date(entry.at).toISOString()}>{fullMoment(entry.at, language)}</time></td>
                <td>{entry.agent ? nameOf(entry.agent) : t("audit_nobody")}</td>
                <td><code>{entry.action}</code></td>
                <td>{nameOf(entry.subject)}{entry.detail ? <div className="quiet">{entry.detail}</div> : null}</td>
                <td>{entry.address}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Fault text={fault} />
      {next ? <Button className="button" isPending={busy} onPress={more}>{t("audit_more")}</Button> : null}
    </>
  );
}
