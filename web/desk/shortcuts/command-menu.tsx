import { useMemo } from "react";
import { nameOf } from "../list/thread-row.tsx";
import { useDesk } from "../live/desk.ts";
import { navigate } from "../route.ts";
import { parts } from "../settings/parts.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";
import { Picker, type Choice } from "../ui/picker.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";
import { givenKeys, inDesk, inThread, isPossible, wordOf, type Command } from "./commands.ts";
import { bindings, isMac, showKeys } from "./keys.ts";

const icons: Partial<Record<Command, IconName>> = {
  note: "note", attach: "file", claim: "person", take: "person", transfer: "transfer", return: "bot", snooze: "snooze", wake: "clock", resolve: "check", resolve_next: "check", reopen: "undo", panel: "panel",
  help: "help", threads: "inbox", search: "search", reports: "chart", settings: "settings", shut: "close",
};

/** How many threads of the list stand in the menu; the search page knows the others. */
const shownThreads = 100;

/** Everything that can be done or opened, by typing a part of its name. */
export default function CommandMenu({ open, onCommand, onGo, onClose }: { open: string | undefined; onCommand: (command: Command) => void; onGo: (work: () => void) => void; onClose: () => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const { shortcuts } = useSignal(desk.me).preferences;
  const choices = useMemo(() => {
    const keys = bindings<Command>(givenKeys, shortcuts?.keys);
    const mark = (name: IconName) => <span className="choice-mark"><Icon name={name} /></span>;
    const commands = [...inThread, ...inDesk].filter((command) => command !== "menu" && isPossible(desk, command, open));
    const pages = parts.filter(({ needs }) => desk.may(needs));
    return [
      ...commands.map((command): Choice => ({
        id: `command:${command}`, label: t(wordOf(command)), before: mark(icons[command] ?? "more"), ...(keys[command] && !shortcuts?.off ? { hint: showKeys(keys[command], isMac()) } : {}),
      })),
      ...pages.map(({ id, word }): Choice => ({ id: `settings:${id}`, label: t("settings_of", { part: t(word) }), before: mark("settings") })),
      ...desk.list.view.value.rows.slice(0, shownThreads).map((row): Choice => ({
        id: `thread:${row.id}`, label: nameOf(row, t), hint: row.preview, before: <Avatar name={nameOf(row, t)} picture={row.avatar} seed={row.client_id} size="s" />,
      })),
    ];
  }, [desk, open, shortcuts, t]);
  const choose = (key: string) => {
    const [kind, id = ""] = [key.slice(0, key.indexOf(":")), key.slice(key.indexOf(":") + 1)];
    if (kind === "command") onCommand(id as Command);
    else onGo(() => navigate(kind === "thread" ? { page: "threads", thread: id } : { page: "settings", part: id }));
  };
  return <Picker title={t("commands")} choices={choices} empty={t("commands_none")} onChoose={choose} onClose={onClose} />;
}
