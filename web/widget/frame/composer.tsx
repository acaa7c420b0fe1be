import { useRef, useState } from "react";
import type { Scene } from "./app.tsx";
import { Icon } from "./icon.tsx";

/** Largest file, megabytes (moveo f). */
const megabytes = 25;
/** Longest text, characters (moveo f). */
const longest = 16_000;

export function Composer({ chat, config, words }: Scene) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const send = () => {
    chat.send(text);
    setText("");
    if (area.current) area.current.style.height = "";
    area.current?.focus();
  };
  const attach = (files: Iterable<File> | null | undefined) => {
    setProblem("");
    for (const file of files ?? []) {
      if (file.size > megabytes * 1024 * 1024) setProblem(words("tooBig", { n: megabytes }));
      else void chat.upload(file);
    }
  };
  return (
    <form
      className="composer"
      onSubmit={(e) => {
        e.preventDefault();
        send();
      }}
    >
      <div role="alert">{problem ? <p className="problem">{problem}</p> : null}</div>
      <div className="line">
        {config.file_upload ? (
          <>
            <input type="file" ref={picker} hidden multiple onChange={(e) => { attach(e.currentTarget.files); e.currentTarget.value = ""; }} />
            <button type="button" className="tool" aria-label={words("attach")} onClick={() => picker.current?.click()}><Icon name="attach" /></button>
          </>
        ) : null}
        <textarea
          ref={area} rows={1} value={text} maxLength={longest} aria-label={words("write")} placeholder={words("write")}
          onInput={(e) => {
            const el = e.currentTarget;
            setText(el.value);
            el.style.height = "";
            el.style.height = `${Math.min(el.scrollHeight, 120)}px`;
            chat.compose(el.value !== "");
          }}
          onBlur={() => chat.compose(false)}
          onPaste={(e) => {
            if (!config.file_upload || !e.clipboardData?.files.length) return;
            e.preventDefault();
            attach(e.clipboardData.files);
          }}
          onKeyDown={(e) => {
            const native = ("nativeEvent" in e ? e.nativeEvent : e) as unknown as KeyboardEvent;
            if (e.key !== "Enter" || e.shiftKey || native.isComposing) return;
            e.preventDefault();
            send();
          }}
        />
        <button type="submit" className="tool send" aria-label={words("send")} disabled={text.trim() === ""}><Icon name="send" /></button>
      </div>
      {config.show_powered_by ? <p className="powered">{words("poweredBy")}</p> : null}
    </form>
  );
}
