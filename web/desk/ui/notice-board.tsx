import { Button } from "react-aria-components";
import { useWords } from "../words/words.tsx";
import { Icon } from "./icon.tsx";
import type { Notices } from "./notices.ts";
import { useSignal } from "./signal.ts";

export function NoticeBoard({ notices }: { notices: Notices }) {
  const all = useSignal(notices.all);
  const { t } = useWords();
  return (
    <div className="notices">
      <div role="status">
        {all.filter((one) => one.kind === "info").map((one) => <p key={one.id} className="notice">{one.text}</p>)}
      </div>
      <div role="alert">
        {all.filter((one) => one.kind === "error").map((one) => (
          <p key={one.id} className="notice notice-error">
            <Icon name="warning" size={16} /> <span>{one.text}</span>
            <Button className="icon-button small" aria-label={t("close")} onPress={() => notices.drop(one.id)}><Icon name="close" size={14} /></Button>
          </p>
        ))}
      </div>
    </div>
  );
}
