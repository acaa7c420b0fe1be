import { useEffect, useState, type FormEvent } from "react";
import { Button, Input, Label, Text, TextField } from "react-aria-components";
import { signIn } from "../api/desk.ts";
import type { Invitation, Me } from "../api/types.ts";
import { useWords } from "../words/words.tsx";
import { Gate } from "./gate.tsx";
import { explain } from "./problem.ts";

/** Takes an invitation, or makes the first administrator by the link of the first start. */
export function Accept({ token, onSignedIn }: { token: string; onSignedIn: (me: Me) => void }) {
  const { t } = useWords();
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    signIn.invitation(token).then((found) => {
      setInvitation(found);
      setName(found.name);
      setEmail(found.email);
    }, (error: unknown) => setFault(explain(error, t)));
  }, [token, t]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setFault("");
    try {
      onSignedIn(await signIn.accept(token, { name: name.trim(), password, ...(invitation?.setup ? { email: email.trim() } : {}) }));
    } catch (error) {
      setFault(explain(error, t));
      setBusy(false);
    }
  }

  if (!invitation) return <Gate title={t("invitation_title")}><p role="alert" className="fault">{fault}</p></Gate>;
  return (
    <Gate title={t(invitation.setup ? "setup_title" : "invitation_title")}>
      <form onSubmit={(event) => void submit(event)}>
        <TextField className="field" type="email" autoComplete="username" value={email} onChange={setEmail} isRequired isReadOnly={!invitation.setup}>
          <Label>{t("email")}</Label>
          <Input />
        </TextField>
        <TextField className="field" autoComplete="name" value={name} onChange={setName} isRequired autoFocus>
          <Label>{t("your_name")}</Label>
          <Input />
          <Text slot="description">{t("your_name_hint")}</Text>
        </TextField>
        <TextField className="field" type="password" autoComplete="new-password" value={password} onChange={setPassword} isRequired>
          <Label>{t("new_password")}</Label>
          <Input />
          <Text slot="description">{t("password_hint")}</Text>
        </TextField>
        <p role="alert" className="fault">{fault}</p>
        <Button type="submit" className="button primary wide" isPending={busy}>{t("accept")}</Button>
      </form>
    </Gate>
  );
}
