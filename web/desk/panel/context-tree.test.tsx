import assert from "node:assert/strict";
import { test } from "node:test";
import { renderToStaticMarkup } from "react-dom/server";
import { ContextTree } from "./context-tree.tsx";

test("values and names of a context are text", () => {
  const made = renderToStaticMarkup(<ContextTree masked={["user.email"]} value={{ "<b>": "<script>alert(1)</script>", user: { email: "***", tags: ["<img src=x>"], none: null } }} />);
  assert.doesNotMatch(made, /<(script|img|b)[ >]/);
  assert.match(made, /class="masked">\*\*\*</);
});
