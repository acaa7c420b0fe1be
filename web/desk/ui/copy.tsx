import { useState } from "react";
import { Button } from "react-aria-components";
import { useWords } from "../words/words.tsx";

/** Puts a text on the clipboard and says so. */
export function Copy({ text, label }: { text: string; label: string }) {
  const { t } = useWords();
  const [done, setDone] = useState<"copied" | "copy_failed" | null>(null);
  const copy = () => {
    // Without a secure context there is no clipboard; the text stands there to be marked by hand.
    const writing = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject(new Error("no clipboard"));
    void writing.then(() => setDone("copied"), () => setDone("copy_failed"));
  };
  return (
    <>
      <Button className="button small" onPress={copy}>{label}</Button>
      <span role="status" className="quiet">{done ? t(done) : ""}</span>
    </>
  );
}
