/** The first variable of a canned reply that there is not, or a brace that is not closed; null when all is well. The server has the same rule. */
export function unknownVariable(text: string): string | null {
  for (let at = text.indexOf("{{"); at >= 0; at = text.indexOf("{{", at)) {
    const end = text.indexOf("}}", at);
    if (end < 0) return "{{";
    const name = text.slice(at + 2, end).trim();
    if (!/^(client\.name|agent\.name|context(\.[^\s{}.]+)+)$/.test(name)) return `{{${name}}}`;
    at = end + 2;
  }
  return null;
}

/** How a reply reads with examples in place of its variables. */
export function preview(text: string, client: string, agent: string): string {
  return text.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (whole, name: string) => (name === "client.name" ? client : name === "agent.name" ? agent : name.startsWith("context.") ? `‹${name.slice(8)}›` : whole));
}
