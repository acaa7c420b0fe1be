import assert from "node:assert/strict";
import { test } from "node:test";
import { renderToStaticMarkup } from "react-dom/server";
import { safeLink, safeMedia } from "./link.ts";
import { Markdown } from "./markdown.tsx";

const html = (text: string) => renderToStaticMarkup(<Markdown text={text} />).replace(/^<div class="md">|<\/div>$/g, "");

test("marks become elements", () => {
  assert.equal(html("**bold** *thin* ~~gone~~ `x < y`"), "<p><strong>bold</strong> <em>thin</em> <del>gone</del> <code>x &lt; y</code></p>");
  assert.equal(html("- a\n- b\n\n3. c\n4. d"), '<ul><li>a</li><li>b</li></ul><ol start="3"><li>c</li><li>d</li></ol>');
  assert.equal(html("> quoted\nand on"), "<blockquote><p>quoted</p></blockquote><p>and on</p>");
  assert.equal(html("```js\n<b>\n```"), '<pre tabindex="0"><code>&lt;b&gt;</code></pre>');
  assert.equal(html("one\ntwo\n\nthree"), "<p>one<br/>two</p><p>three</p>");
  assert.equal(html("# Big"), "<p><strong>Big</strong></p>");
});

test("marks inside of words and without an end stay text", () => {
  assert.equal(html("snake_case_name 2*3*4 **open"), "<p>snake_case_name 2<em>3</em>4 **open</p>");
  assert.equal(html("\\*not\\*"), "<p>*not*</p>");
});

test("links lead to the web, mail and telephone only", () => {
  assert.match(html("[a](https://x.example/p)"), /^<p><a href="https:\/\/x.example\/p" target="_blank" rel="noopener noreferrer nofollow">a<\/a><\/p>$/);
  assert.match(html("see https://x.example/a_b_c. Bye"), /href="https:\/\/x.example\/a_b_c"[^>]*>https:\/\/x.example\/a_b_c<\/a>\. Bye/);
  for (const bad of ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "//x.example", "/desk/api/session", " javascript:alert(1)", "java\nscript:alert(1)"]) {
    assert.doesNotMatch(html(`[a](${bad})`), /href/, bad);
    assert.equal(safeLink(bad), null, bad);
  }
  assert.equal(safeMedia("//evil.example/x.png"), null);
  assert.equal(safeMedia("/\\evil.example/x.png"), null);
  assert.equal(safeMedia("mailto:a@b.example"), null);
  assert.equal(safeMedia("/v1/files/1"), "/v1/files/1");
});

test("HTML in a text is text", () => {
  for (const attack of ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "**<svg onload=alert(1)>**", "[<b>](https://x.example)", "`<iframe>`", '[a](https://x.example/"onmouseover="alert(1))']) {
    const made = html(attack);
    assert.doesNotMatch(made, /<(script|img|svg|iframe|b)[ >]/, attack);
    assert.doesNotMatch(made, /<[^>]*"\s*on\w+=/, attack);
  }
});

test("hostile texts are read in time that grows with their length", () => {
  for (const unit of ["*", "**a", "_a_b", "[", "[a](", "> ", "`", "~~", "https://", "- ", "[[](", "*a **b "]) {
    const before = process.cpuUsage(); // of this process: a busy machine does not count
    html(unit.repeat(Math.ceil(20_000 / unit.length)));
    assert.ok(process.cpuUsage(before).user < 2_000_000, unit);
  }
});
