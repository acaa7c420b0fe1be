import { useWords } from "../words/words.tsx";

export interface Suggestion {
  id: string;
  label: string;
  hint?: string;
  text: string; // what is put into the message
}

/** The list above the text. The text keeps the focus and names the active line; a reader hears how many there are. */
export function Suggestions({ id, items, at, label, onChoose }: { id: string; items: Suggestion[]; at: number; label: string; onChoose: (one: Suggestion) => void }) {
  const { t } = useWords();
  return (
    <>
      <p role="status" className="unseen">{items.length ? t("suggestions", { n: items.length }) : ""}</p>
      <ul id={id} role="listbox" aria-label={label} className="suggestions" hidden={items.length === 0}>
        {items.map((one, i) => (
          <li
            key={one.id} id={`${id}-${i}`} role="option" aria-selected={i === at} className="suggestion"
            onMouseDown={(event) => {
              event.preventDefault(); // the text keeps the focus
              onChoose(one);
            }}
          >
            <strong>{one.label}</strong> {one.hint ? <span>{one.hint}</span> : null}
          </li>
        ))}
      </ul>
    </>
  );
}
