import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useDesk } from "../live/desk.ts";
import { Go } from "../ui/go.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords, type Word } from "../words/words.tsx";
import { givenKeys, inDesk, inThread, wordOf, type Command } from "./commands.ts";
import { bindings, isMac, showKeys } from "./keys.ts";

/** Which keys do what. */
export default function Help({ onClose }: { onClose: () => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const { shortcuts } = useSignal(desk.me).preferences;
  const keys = bindings<Command>(givenKeys, shortcuts?.keys);
  const group = (title: Word, commands: Command[]) => (
    <section className="help-group">
      <h3>{t(title)}</h3>
      <dl>
        {commands.filter((command) => keys[command]).map((command) => (
          <div key={command}><dt>{t(wordOf(command))}</dt><dd><kbd>{showKeys(keys[command], isMac())}</kbd></dd></div>
        ))}
      </dl>
    </section>
  );
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className="veil">
      <Modal className="modal modal-wide">
        <Dialog className="dialog help">
          <Heading slot="title">{t("shortcuts_title")}</Heading>
          <p className="hint">{t(shortcuts?.off ? "shortcuts_are_off" : "shortcuts_hint")}</p>
          <div className="help-groups" tabIndex={0} role="group" aria-label={t("shortcuts_title")}>
            {group("shortcuts_in_thread", inThread)}
            {group("shortcuts_in_desk", inDesk)}
          </div>
          <div className="dialog-actions">
            <Go className="button" to={{ page: "settings", part: "shortcuts" }} onClick={onClose}>{t("shortcuts_change")}</Go>
            <Button className="button primary" autoFocus onPress={onClose}>{t("close")}</Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
