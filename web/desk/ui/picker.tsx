import { useState, type ReactNode } from "react";
import { Autocomplete, Dialog, Heading, Input, ListBox, ListBoxItem, Modal, ModalOverlay, SearchField, Text, useFilter } from "react-aria-components";
import { useWords } from "../words/words.tsx";

export interface Choice {
  id: string;
  label: string;
  hint?: string;
  before?: ReactNode;
}

/** A dialog that asks for one of many: type to narrow, arrows to move, Enter to choose. */
export function Picker({ title, choices, empty, onChoose, onClose }: { title: string; choices: Choice[]; empty: string; onChoose: (id: string) => void; onClose: () => void }) {
  const { t } = useWords();
  const { contains } = useFilter({ sensitivity: "base" });
  const [text, setText] = useState("");
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className="veil">
      <Modal className="modal">
        <Dialog className="dialog picker">
          <Heading slot="title">{title}</Heading>
          <Autocomplete filter={contains} inputValue={text} onInputChange={setText}>
            <SearchField aria-label={t("narrow")} autoFocus className="field">
              <Input placeholder={t("narrow")} />
            </SearchField>
            <div className="choices" tabIndex={0} role="group" aria-label={title}>
              <ListBox
                className="choices-list"
                aria-label={title}
                items={choices}
                selectionMode="single"
                renderEmptyState={() => <p className="empty-line">{choices.length ? t("nothing_found") : empty}</p>}
                onAction={(key) => onChoose(String(key))}
              >
                {(choice) => (
                  <ListBoxItem id={choice.id} textValue={choice.label} className="choice">
                    {choice.before}
                    <Text slot="label">{choice.label}{choice.hint ? <small>{choice.hint}</small> : null}</Text>
                  </ListBoxItem>
                )}
              </ListBox>
            </div>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
