import type { Permission } from "../api/types.ts";
import type { Word } from "../words/words.tsx";

/** The pages of the settings, in the order of their menu. */
export const parts: { id: string; word: Word; needs: Permission }[] = [
  { id: "me", word: "part_me", needs: "read" },
  { id: "desk", word: "part_desk", needs: "read" },
  { id: "shortcuts", word: "part_shortcuts", needs: "read" },
  { id: "canned", word: "part_canned", needs: "answer" },
  { id: "views", word: "part_views", needs: "read" },
  { id: "departments", word: "part_departments", needs: "manage" },
  { id: "agents", word: "part_agents", needs: "admin" },
  { id: "audit", word: "part_audit", needs: "admin" },
];
