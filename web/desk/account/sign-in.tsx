import { useEffect, useState, type FormEvent } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import { ApiError } from "../api/request.ts";
import { signIn } from "../api/desk.ts";
import type { Me, SignInState } from "../api/types.ts";
import { useWords, type Words } from "../words/words.tsx";
import { Gate } from "./gate.tsx";
import { explain } from "./problem.ts";

/** Why single sign-on sent the browser back, where it did. */
function refusal(t: Words): string {
  const code = new URLSearchParams(location.search).get("sign_in_error");
  return code === null ? "" : explain(new ApiError(code, 401, t("sign_in_refused", { code })), t);
}

/** E-mail and password; the second factor is asked for when the account has one. */
export function SignIn({ onSignedIn }: { onSignedIn: (me: Me) => void }) {
  const { t } = useWords();
  const [state, setState] = useState<SignInState | null>(null);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [asksCode, setAsksCode] = useState(false);
  const [fault, setFault] = useState(() => refusal(t));
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    signIn.state().then(setState, () => setState(null));
  }, []);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setFault("");
    try {
      onSignedIn(await signIn.open(email.trim(), password, asksCode ? code.trim() : undefined));
    } catch (error) {
      const wantsCode = error instanceof ApiError && error.code === "code_required";
      if (wantsCode) setAsksCode(true);
      if (!wantsCode || asksCode) setFault(wantsCode ? t("error_invalid_code") : explain(error, t));
      setCode("");
      setBusy(false);
    }
  }

  return (
    <Gate title={t("sign_in_title")}>
      {state?.setup ? <p className="hint">{t("setup_hint")}</p> : null}
      <form onSubmit={(event) => void submit(event)}>
        <TextField className="field" type="email" name="email" autoComplete="username" value={email} onChange={setEmail} isRequired isDisabled={asksCode} autoFocus>
          <Label>{t("email")}</Label>
          <Input />
        </TextField>
        <TextField className="field" type="password" name="password" autoComplete="current-password" value={password} onChange={setPassword} isRequired isDisabled={asksCode}>
          <Label>{t("password")}</Label>
          <Input />
        </TextField>
        {asksCode ? (
          <TextField className="field" name="code" autoComplete="one-time-code" inputMode="text" value={code} onChange={setCode} isRequired autoFocus>
            <Label>{t("code")}</Label>
            <Input />
          </TextField>
        ) : null}
        <p role="alert" className="fault">{fault}</p>
        <Button type="submit" className="button primary wide" isPending={busy}>{t("sign_in")}</Button>
        {asksCode ? <Button className="button plain wide" onPress={() => setAsksCode(false)}>{t("back")}</Button> : null}
      </form>
      {state?.oidc ? <a className="button wide" href="/desk/api/oidc/start">{t("sign_in_with", { name: state.oidc.name })}</a> : null}
    </Gate>
  );
}
