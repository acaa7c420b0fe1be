import { useState, type FormEvent } from "react";
import { Button } from "react-aria-components";
import { fullMoment } from "../../shared/moment.ts";
import { people, threads } from "../api/desk.ts";
import type { Erasure, Row } from "../api/types.ts";
import { nameOf } from "../list/thread-row.tsx";
import { useDesk } from "../live/desk.ts";
import { navigate } from "../route.ts";
import { Entry, Fault, useWork } from "../ui/form.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { useWords } from "../words/words.tsx";

/** What can be taken out of a thread: its transcript, and, for admins, all of a person or nothing of him any more. */
export function Records({ row }: { row: Row }) {
  const desk = useDesk();
  const { t } = useWords();
  const [erasing, setErasing] = useState(false);
  return (
    <div className="records">
      <p className="record-links">
        <a className="button small" href={threads.transcriptAddress(row.id, "text")} download>{t("transcript_text")}</a>
        <a className="button small" href={threads.transcriptAddress(row.id, "json")} download>{t("transcript_json")}</a>
      </p>
      {desk.may("answer") ? <MailForm row={row} /> : null}
      {desk.may("admin") ? (
        <p className="record-links">
          <a className="button small" href={people.exportAddress(row.client_id, row.integration_id)} download>{t("person_export")}</a>
          <Button className="button small danger" onPress={() => setErasing(true)}>{t("person_erase")}</Button>
        </p>
      ) : null}
      {erasing ? <EraseDialog row={row} onClose={() => setErasing(false)} /> : null}
    </div>
  );
}

function MailForm({ row }: { row: Row }) {
  const { t } = useWords();
  const [to, setTo] = useState(row.email ?? "");
  const { busy, fault, run } = useWork();
  const send = (event: FormEvent) => {
    event.preventDefault();
    void run(() => threads.mailTranscript(row.id, to.trim()), "transcript_sent");
  };
  return (
    <form className="mail-form" onSubmit={send}>
      <div className="tag-form">
        <Entry label={t("transcript_to")} type="email" value={to} onChange={setTo} className="tag-entry" />
        <Button type="submit" className="button" isPending={busy} isDisabled={!to.includes("@")}>{t("transcript_send")}</Button>
      </div>
      <Fault text={fault} />
    </form>
  );
}

/** Asks for a typed word: what is erased does not come back. Then shows the proof. */
function EraseDialog({ row, onClose }: { row: Row; onClose: () => void }) {
  const { t, language } = useWords();
  const [word, setWord] = useState("");
  const [proof, setProof] = useState<Erasure | null>(null);
  const { busy, fault, run } = useWork();
  const wanted = t("erase_word");
  const erase = (event: FormEvent) => {
    event.preventDefault();
    if (word.trim() === wanted) void run(async () => setProof(await people.erase(row.client_id, row.integration_id)));
  };
  const leave = () => {
    onClose();
    if (proof) navigate({ page: "threads" });
  };
  return (
    <Sheet title={t("erase_title", { name: nameOf(row, t) })} onClose={leave}>
      {proof ? (
        <>
          <p role="status">{t("erase_done")}</p>
          <dl className="facts">
            <div><dt>{t("erase_proof")}</dt><dd><code>{proof.erasure_id}</code></dd></div>
            <div><dt>{t("erase_at")}</dt><dd>{fullMoment(proof.erased_at, language)}</dd></div>
            {proof.backups_expire_at ? <div><dt>{t("erase_backups")}</dt><dd>{fullMoment(proof.backups_expire_at, language)}</dd></div> : null}
          </dl>
          <div className="form-actions"><Button className="button primary" autoFocus onPress={leave}>{t("close")}</Button></div>
        </>
      ) : (
        <form onSubmit={erase}>
          <p className="hint">{t("erase_hint")}</p>
          <Entry label={t("erase_type", { word: wanted })} value={word} onChange={setWord} autoComplete="off" autoFocus />
          <Fault text={fault} />
          <div className="form-actions"><Button className="button" onPress={leave}>{t("cancel")}</Button><Button type="submit" className="button danger" isPending={busy} isDisabled={word.trim() !== wanted}>{t("person_erase")}</Button></div>
        </form>
      )}
    </Sheet>
  );
}
