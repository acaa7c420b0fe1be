import assert from "node:assert/strict";
import { test } from "node:test";
import { renderToStaticMarkup } from "react-dom/server";
import { File } from "./file.tsx";
import { Reply, type Response } from "./reply.tsx";

const words = { openForm: "Open", rate: "Rate" };
const html = (response: Response) => renderToStaticMarkup(<Reply response={response} language="en" words={words} actions={{ say: () => undefined, openWebview: () => undefined }} />);

const attacks = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "' onmouseover='alert(1)"];
const tags = /<(script|svg|iframe|object|embed|style|base|form)\b/i;
const schemes = /(href|src)="(?!https?:|mailto:|tel:|\/(?!\/))/i;
const handlers = /<[^>]*?\son\w+=/i;

function harmless(made: string, what: string) {
  // Quotes and angle brackets of texts are written as entities, so what looks like a tag is one.
  assert.doesNotMatch(made, tags, what);
  assert.doesNotMatch(made, schemes, what);
  assert.doesNotMatch(made.replace(/"[^"]*"/g, '""'), handlers, what);
}

test("nothing a bot, a client or an agent writes becomes markup", () => {
  for (const bad of attacks) {
    harmless(html({ type: "text", text: bad, options: [{ label: bad, text: bad }] }), `text ${bad}`);
    harmless(html({ type: "url", url: bad }), `url ${bad}`);
    for (const type of ["image", "audio", "video", "file"]) harmless(html({ type, url: bad, name: bad, size: 1 }), `${type} ${bad}`);
    for (const type of ["webview", "survey"]) harmless(html({ type, url: bad, name: bad, label: bad }), `${type} ${bad}`);
    const buttons = ["url", "phone", "postback", "webview", bad].map((type) => ({ type, label: bad, value: bad, url: bad }));
    harmless(html({ type: "carousel", cards: [{ title: bad, subtitle: bad, media: { type: "image", url: bad }, buttons, default_action: { type: "url", url: bad } }] }), `carousel ${bad}`);
    harmless(renderToStaticMarkup(<File file={{ name: bad, url: `https://x.example/${bad}`, type: bad, size: 5 }} language="en" />), `file ${bad}`);
  }
});

test("a form at a dangerous address cannot be opened", () => {
  assert.match(html({ type: "webview", url: "javascript:alert(1)", label: "Go" }), /<button[^>]*disabled/);
  assert.doesNotMatch(html({ type: "webview", url: "https://x.example/form", label: "Go" }), /disabled/);
});

test("who only looks on cannot press", () => {
  const seen = renderToStaticMarkup(<Reply response={{ type: "text", text: "Choose", options: [{ text: "A" }] }} language="en" words={words} />);
  assert.match(seen, /<button[^>]*disabled=""[^>]*>A<\/button>/);
});
