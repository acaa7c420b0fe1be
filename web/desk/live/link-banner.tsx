import { Button } from "react-aria-components";
import { Icon } from "../ui/icon.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";
import { useDesk } from "./desk.ts";

/** Says when what is on the page may be old. */
export function LinkBanner() {
  const desk = useDesk();
  const { t } = useWords();
  const state = useSignal(desk.connection.state);
  const catchingUp = useSignal(desk.catchingUp);
  return (
    <div className="link-banner" role="status">
      {state === "offline" ? (
        <p className="link-line offline">
          <Icon name="warning" size={16} /> {t("link_offline")}
          <Button className="button small" onPress={desk.connection.now}>{t("try_again")}</Button>
        </p>
      ) : catchingUp ? (
        <p className="link-line">{t("link_catching_up")}</p>
      ) : null}
    </div>
  );
}
