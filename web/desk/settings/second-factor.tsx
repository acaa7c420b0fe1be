import { useMemo, useState, type FormEvent } from "react";
import { Button } from "react-aria-components";
import { encode } from "uqr";
import { me as mine } from "../api/desk.ts";
import { useDesk } from "../live/desk.ts";
import { Copy } from "../ui/copy.tsx";
import { Entry, Fault, useWork } from "../ui/form.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";

/** Turns the second factor on, by a code that proves it works, and off, by the password. */
export function SecondFactor() {
  const desk = useDesk();
  const { t } = useWords();
  const me = useSignal(desk.me);
  const [started, setStarted] = useState<{ secret: string; uri: string } | null>(null);
  const [recovery, setRecovery] = useState<string[] | null>(null);
  const [ending, setEnding] = useState(false);
  const [text, setText] = useState(""); // the code, or the password
  const { busy, fault, run } = useWork();
  const turn = (totp: boolean) => desk.me.set({ ...desk.me.value, totp });
  const confirm = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      setRecovery((await mine.confirmTotp(text.replace(/\s/g, ""))).recovery_codes);
      setStarted(null);
      setText("");
      turn(true);
    });
  };
  const end = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      await mine.endTotp(text);
      setEnding(false);
      setRecovery(null);
      setText("");
      turn(false);
    });
  };
  const cancel = () => {
    setStarted(null);
    setEnding(false);
    setText("");
  };
  return (
    <section className="card-part">
      <h2>{t("factor")}</h2>
      <p className="hint">{t(me.totp ? "factor_on" : "factor_off")}</p>
      {recovery ? (
        <div className="recovery">
          <p><strong>{t("factor_recovery")}</strong></p>
          <ul>{recovery.map((code) => <li key={code}><code>{code}</code></li>)}</ul>
          <Copy text={recovery.join("\n")} label={t("copy_all")} />
        </div>
      ) : null}
      {started ? (
        <form onSubmit={confirm}>
          <p>{t("factor_scan")}</p>
          <QR text={started.uri} label={t("factor_qr")} />
          <p className="copy-line"><code>{started.secret}</code> <Copy text={started.secret} label={t("copy")} /></p>
          <Entry label={t("factor_code")} value={text} onChange={setText} inputMode="numeric" autoComplete="one-time-code" isRequired autoFocus />
          <Fault text={fault} />
          <div className="form-actions"><Button className="button" onPress={cancel}>{t("cancel")}</Button><Button type="submit" className="button primary" isPending={busy} isDisabled={!text.trim()}>{t("factor_confirm")}</Button></div>
        </form>
      ) : ending ? (
        <form onSubmit={end}>
          <Entry label={t("password")} type="password" autoComplete="current-password" value={text} onChange={setText} isRequired autoFocus />
          <Fault text={fault} />
          <div className="form-actions"><Button className="button" onPress={cancel}>{t("cancel")}</Button><Button type="submit" className="button primary" isPending={busy} isDisabled={!text}>{t("factor_end")}</Button></div>
        </form>
      ) : (
        <>
          <Fault text={fault} />
          {me.totp ? <Button className="button" onPress={() => setEnding(true)}>{t("factor_end")}</Button> : <Button className="button primary" isPending={busy} onPress={() => void run(async () => setStarted(await mine.startTotp()))}>{t("factor_start")}</Button>}
        </>
      )}
    </section>
  );
}

/** A QR code, dark on light in every theme, for cameras. */
function QR({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => {
    const code = encode(text, { border: 3 });
    return { size: code.size, path: code.data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("") };
  }, [text]);
  return <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges"><rect width={size} height={size} fill="#fff" /><path d={path} fill="#000" /></svg>;
}
