// The bot of the comparison: it says back what it was told.

export function answer(input) {
  if (!input?.text) return [];
  return [{ type: 'text', text: `You said: ${input.text}`, options: [] }];
}
