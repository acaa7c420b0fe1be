import type { Snippet } from "../api/types.ts";

export interface Piece {
  text: string;
  marked: boolean;
}

/** Parts a snippet at its marks, which are UTF-16 offsets as JavaScript's own. Marks that overlap, are empty or lie outside are put right, so that the pieces always make the text. */
export function pieces({ text, marks }: Snippet): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  const add = (to: number, marked: boolean) => {
    if (to > at) found.push({ text: text.slice(at, to), marked });
    at = Math.max(at, to);
  };
  for (const [start, end] of [...(marks ?? [])].sort((a, b) => a[0] - b[0])) {
    add(Math.min(start, text.length), false);
    add(Math.min(end, text.length), true);
  }
  add(text.length, false);
  return found;
}
