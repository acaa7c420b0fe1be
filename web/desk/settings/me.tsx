import { useState, type FormEvent } from "react";
import { Button } from "react-aria-components";
import { me as mine, signIn } from "../api/desk.ts";
import { forgetDrafts } from "../composer/drafts.ts";
import { useDesk } from "../live/desk.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Entry, Fault, useWork } from "../ui/form.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";
import { SecondFactor } from "./second-factor.tsx";

/** The own name, password and second factor. */
export function MePart({ signOut }: { signOut: () => void }) {
  const { t } = useWords();
  const [asks, setAsks] = useState(false);
  const { run, fault } = useWork();
  const everywhere = () => {
    setAsks(false);
    void run(() => signIn.closeAll()).then((done) => {
      if (!done) return;
      forgetDrafts();
      signOut();
    });
  };
  return (
    <>
      <Profile />
      <Password />
      <SecondFactor />
      <section className="card-part">
        <h2>{t("sign_out_everywhere")}</h2>
        <p className="hint">{t("sign_out_everywhere_hint")}</p>
        <Fault text={fault} />
        <Button className="button" onPress={() => setAsks(true)}>{t("sign_out_everywhere")}</Button>
      </section>
      {asks ? <Confirm title={t("sign_out_everywhere_ask")} action={t("sign_out")} onConfirm={everywhere} onClose={() => setAsks(false)} /> : null}
    </>
  );
}

function Profile() {
  const desk = useDesk();
  const { t } = useWords();
  const { agent } = useSignal(desk.me);
  const [name, setName] = useState(agent.name);
  const [avatar, setAvatar] = useState(agent.avatar);
  const { busy, fault, run } = useWork();
  const save = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => desk.me.set({ ...desk.me.value, ...(await mine.change({ name: name.trim(), avatar: avatar.trim() })) }), "saved");
  };
  return (
    <form className="card-part" onSubmit={save}>
      <h2>{t("profile")}</h2>
      <div className="profile-face"><Avatar name={name || "?"} picture={avatar} seed={agent.id} size="l" /><p><strong>{agent.email}</strong><br /><span className="quiet">{t(`role_${agent.role}`)}</span></p></div>
      <Entry label={t("your_name")} hint={t("your_name_hint")} value={name} onChange={setName} isRequired maxLength={100} autoComplete="name" />
      <Entry label={t("avatar")} hint={t("avatar_hint")} value={avatar} onChange={setAvatar} type="url" maxLength={2048} placeholder="https://" />
      <Fault text={fault} />
      <Button type="submit" className="button primary" isPending={busy} isDisabled={name.trim() === ""}>{t("save")}</Button>
    </form>
  );
}

function Password() {
  const { t } = useWords();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const { busy, fault, run } = useWork();
  const save = (event: FormEvent) => {
    event.preventDefault();
    void run(() => mine.password(current, next), "password_changed").then((done) => {
      if (!done) return;
      setCurrent("");
      setNext("");
    });
  };
  return (
    <form className="card-part" onSubmit={save}>
      <h2>{t("password")}</h2>
      <Entry label={t("password_current")} type="password" autoComplete="current-password" value={current} onChange={setCurrent} isRequired />
      <Entry label={t("new_password")} type="password" autoComplete="new-password" hint={t("password_hint")} value={next} onChange={setNext} isRequired />
      <Fault text={fault} />
      <Button type="submit" className="button primary" isPending={busy} isDisabled={!current || !next}>{t("password_change")}</Button>
    </form>
  );
}
