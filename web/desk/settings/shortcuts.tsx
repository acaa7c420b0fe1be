import { useState, type KeyboardEvent } from "react";
import { Button } from "react-aria-components";
import { explain } from "../account/problem.ts";
import type { Preferences } from "../api/types.ts";
import { useDesk } from "../live/desk.ts";
import { givenKeys, inDesk, inThread, wordOf, type Command } from "../shortcuts/commands.ts";
import { bindings, conflict, isMac, isReserved, keysOf, showKeys, type Keys } from "../shortcuts/keys.ts";
import { Toggle } from "../ui/form.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords, type Word } from "../words/words.tsx";

/** The keys of every command: to change, to take away, to switch off together. */
export function ShortcutsPart() {
  const desk = useDesk();
  const { t } = useWords();
  const own = useSignal(desk.me).preferences.shortcuts ?? {};
  const all = bindings<Command>(givenKeys, own.keys);
  const [learning, setLearning] = useState<Command | null>(null);
  const [fault, setFault] = useState("");
  const keep = (shortcuts: NonNullable<Preferences["shortcuts"]>) => void desk.prefer({ shortcuts }).catch((error: unknown) => setFault(explain(error, t)));
  const put = (command: Command, keys: Keys) => {
    const { [command]: _, ...others } = own.keys ?? {};
    keep({ ...own, keys: keys === givenKeys[command] ? others : { ...others, [command]: keys } });
    setLearning(null);
    setFault("");
  };
  const learn = (command: Command, keys: Keys) => {
    const other = conflict(all, command, keys);
    if (isReserved(keys)) setFault(t("keys_reserved", { keys: showKeys(keys, isMac()) }));
    else if (other) setFault(t("keys_taken", { keys: showKeys(keys, isMac()), command: t(wordOf(other)) }));
    else put(command, keys);
  };
  const line = (command: Command) => (
    <li key={command} className="keys-line">
      <span className="keys-name">{t(wordOf(command))}</span>
      {learning === command ? (
        <Learner label={t("keys_press", { command: t(wordOf(command)) })} onKeys={(keys) => learn(command, keys)} onStop={() => setLearning(null)} />
      ) : (
        <Button className="button small keys-button" aria-label={t("keys_change", { command: t(wordOf(command)), keys: all[command] ? showKeys(all[command], isMac()) : t("shortcuts_none") })} onPress={() => { setLearning(command); setFault(""); }}>
          {all[command] ? <kbd>{showKeys(all[command], isMac())}</kbd> : <span className="quiet">{t("shortcuts_none")}</span>}
        </Button>
      )}
      <Button className="link-button" aria-label={t("keys_off_of", { command: t(wordOf(command)) })} isDisabled={all[command] === ""} onPress={() => put(command, "")}>{t("keys_off")}</Button>
      <Button className="link-button" aria-label={t("keys_reset_of", { command: t(wordOf(command)) })} isDisabled={all[command] === givenKeys[command]} onPress={() => learn(command, givenKeys[command])}>{t("keys_reset")}</Button>
    </li>
  );
  const group = (title: Word, commands: Command[]) => <section className="card-part"><h2>{t(title)}</h2><ul className="keys">{commands.map(line)}</ul></section>;
  return (
    <>
      <section className="card-part">
        <Toggle on={!own.off} onChange={(on) => keep({ ...own, off: !on })} hint={t("shortcuts_hint")}>{t("keys_on")}</Toggle>
        <Button className="button" isDisabled={Object.keys(own.keys ?? {}).length === 0} onPress={() => keep({ ...own, keys: {} })}>{t("keys_reset_all")}</Button>
      </section>
      <p className={fault ? "fault keys-fault" : "unseen"} role="alert">{fault}</p>
      {group("shortcuts_in_thread", inThread)}
      {group("shortcuts_in_desk", inDesk)}
    </>
  );
}

/** Takes the next combination that is pressed; Tab, or a click elsewhere, leaves without one. */
function Learner({ label, onKeys, onStop }: { label: string; onKeys: (keys: Keys) => void; onStop: () => void }) {
  const { t } = useWords();
  const press = (event: KeyboardEvent) => {
    if (event.code === "Tab") return;
    const keys = keysOf(event.nativeEvent);
    event.preventDefault();
    event.stopPropagation();
    if (keys) onKeys(keys);
  };
  return <input className="keys-learner" data-own-keys readOnly autoFocus aria-label={label} placeholder={t("keys_now")} onKeyDown={press} onBlur={onStop} />;
}
