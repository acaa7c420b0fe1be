import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useWords } from "../words/words.tsx";

/** Asks before something that touches other people or cannot be taken back. */
export function Confirm({ title, text, action, onConfirm, onClose }: { title: string; text?: string; action: string; onConfirm: () => void; onClose: () => void }) {
  const { t } = useWords();
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className="veil">
      <Modal className="modal">
        <Dialog role="alertdialog" className="dialog">
          <Heading slot="title">{title}</Heading>
          {text ? <p>{text}</p> : null}
          <div className="dialog-actions">
            <Button className="button" autoFocus onPress={onClose}>{t("cancel")}</Button>
            <Button className="button primary" onPress={onConfirm}>{action}</Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
