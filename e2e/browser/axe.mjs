// axe looks at every page of the desk and every state of the widget, in both colours and narrow.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { act, area, arrive, ask, invite, lines, rowOf, setPresence, tab, write } from "./agent.mjs";
import { check, eventually, given, run, shot } from "./chromium.mjs";
import { bubbles, chatOf, host, launcherOf, listening, say } from "./visitor.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Colours change over a moment; what is measured must be what stays. */
const still = (frame) => frame.evaluate(async () => {
  for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
  await Promise.all(document.getAnimations().filter((a) => a.effect?.getComputedTiming().endTime !== Infinity).map((a) => a.finished.catch(() => {})));
});

async function audit(page, what, frame = page.mainFrame()) {
  await still(frame);
  if (!(await frame.evaluate(() => "axe" in window))) await frame.evaluate(axe);
  const { violations, passes } = await frame.evaluate((values) => window.axe.run(document, { runOnly: { type: "tag", values }, iframes: false }), rules);
  const told = violations.map((v) => `${v.id}: ${v.nodes.slice(0, 4).map((n) => `${n.target.join(" ")} (${n.any.concat(n.all)[0]?.message ?? v.help})`).join("; ")}`);
  check(`axe: ${what}`, violations.length === 0 && passes.length > 0, told.join(" | "));
}

/** One state, light and dark, and no wider than a narrow screen where it is narrow. */
async function both(page, what, frame) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await audit(page, `${what}, ${colorScheme}`, frame?.());
  }
}

/** At 320 px nothing is cut off or scrolls sideways (WCAG 1.4.10). */
async function narrow(page, what) {
  const wide = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  await eventually(`${what} fits into 320 px`, () => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  await both(page, `${what}, 320 px`);
  await shot(page, `${what.replaceAll(" ", "-")}-320`);
  await page.setViewportSize(wide);
}

async function go(page, path, ready) {
  await page.goto(new URL(page.url()).origin + path);
  await eventually(`${path} is there`, () => page.locator(ready).first().isVisible());
}

async function desk(browser) {
  const gate = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await gate.goto(`${given.base}/desk/`);
  await gate.getByLabel("Password").fill("wrong");
  await gate.getByLabel("E-mail").fill("nobody@desk.example");
  await gate.getByRole("button", { name: "Sign in" }).click();
  await eventually("the sign-in is refused", () => gate.getByRole("alert").filter({ hasText: "wrong" }).count());
  await both(gate, "sign-in");
  await narrow(gate, "sign-in");

  const ann = await arrive(browser, given.link, { name: "Ann", email: "ann@desk.example" });
  await arrive(browser, await invite(ann, "bob@desk.example", "Bob", "agent"), { name: "Bob" });
  await ask(ann, "POST", "/canned-replies", { shortcut: "hello", text: "Hello {{client.name}}", shared: true });
  await ask(ann, "POST", "/departments", { name: "Sales", strategy: "longest_waiting" });
  await ask(ann, "POST", "/views", { name: "Waiting", filter: { tab: "all", status: "queued" } });
  const ada = await (await browser.newContext()).newPage();
  await host(ada, given.base, { script: listening });
  await launcherOf(ada).click();
  await eventually("the bot greets", async () => (await bubbles(ada)).length === 1);
  await say(ada, "I need a human");
  await ann.reload();
  await rowOf(ann, "Visitor").click();
  await eventually("the thread is open", async () => (await lines(ann)).includes("user: I need a human"));
  await act(ann, "Claim").click();
  await write(ann, "**Hello** `you`, see https://example.com");
  await ann.getByRole("button", { name: "Private note" }).click();
  await write(ann, "a note");
  await eventually("the note is there", async () => (await lines(ann)).includes("note: a note"));
  await both(ann, "thread");
  await shot(ann, "thread-dark");
  await area(ann).pressSequentially("@Bo");
  await eventually("a suggestion", () => ann.getByRole("option", { name: "Bob" }).count());
  await both(ann, "suggestions");
  await area(ann).fill("");
  await narrow(ann, "thread");
  await overlays(ann);
  await pages(ann);
}

/** Menus and dialogs. */
async function overlays(ann) {
  const open = async (what, button, there) => {
    await button.click();
    await eventually(`${what} is open`, () => there.first().isVisible());
    await both(ann, what);
    await shot(ann, what.replaceAll(" ", "-"));
    await ann.keyboard.press("Escape");
    await eventually(`${what} is shut`, async () => (await there.count()) === 0);
  };
  await open("person menu", ann.locator("button.person"), ann.getByRole("menu"));
  await open("snooze menu", act(ann, "Snooze"), ann.getByRole("menu"));
  await open("transfer dialog", act(ann, "Transfer"), ann.getByRole("dialog"));
  await open("return dialog", act(ann, "Return to bot"), ann.getByRole("dialog"));
  await ann.getByRole("button", { name: "Filters" }).click();
  await both(ann, "filters");
  await open("status filter", ann.locator(".select-button").first(), ann.getByRole("listbox").filter({ hasText: "Snoozed" }));
  await ann.getByRole("button", { name: "Filters" }).click();
  for (const [what, key] of [["command menu", "Control+k"], ["help", "Shift+?"]]) {
    await ann.locator(".thread .log").focus();
    await ann.keyboard.press(key);
    await eventually(`${what} is open`, () => ann.getByRole("dialog").first().isVisible());
    await both(ann, what);
    await shot(ann, what.replaceAll(" ", "-"));
    await ann.keyboard.press("Escape");
    await eventually(`${what} is shut`, async () => (await ann.getByRole("dialog").count()) === 0);
  }
}

async function pages(ann) {
  await go(ann, "/desk/", ".list-tab");
  await both(ann, "list");
  await narrow(ann, "list");
  for (const part of ["me", "desk", "shortcuts", "canned", "views", "departments", "agents", "audit"]) {
    await go(ann, `/desk/settings/${part}`, "main h1, main h2");
    await ann.waitForLoadState("networkidle");
    await both(ann, `settings ${part}`);
    await narrow(ann, `settings ${part}`);
    await shot(ann, `settings-${part}`);
  }
  await go(ann, "/desk/reports", "main h1");
  await ann.waitForLoadState("networkidle");
  await both(ann, "reports");
  await narrow(ann, "reports");
  await shot(ann, "reports");
  await go(ann, "/desk/search?query=human", "main h1");
  await ann.waitForLoadState("networkidle");
  await both(ann, "search");
  await narrow(ann, "search");
  await shot(ann, "search");
}

async function widget(browser) {
  const page = await (await browser.newContext({ viewport: { width: 900, height: 760 } })).newPage();
  await host(page, given.base, { script: listening });
  const inside = () => page.frames().find((f) => f.url().includes("/widget/frame"));
  const chat = chatOf(page);
  const look = async (what) => {
    await both(page, `widget ${what}`, inside);
    await page.setViewportSize({ width: 320, height: 640 });
    await eventually(`widget ${what} fits into 320 px`, () => inside().evaluate(() => innerWidth <= 320 && document.documentElement.scrollWidth <= innerWidth));
    await both(page, `widget ${what}, 320 px`, inside);
    await shot(page, `widget-${what.replaceAll(" ", "-")}`);
    await page.setViewportSize({ width: 900, height: 760 });
  };
  await launcherOf(page).waitFor();
  await both(page, "launcher");
  await launcherOf(page).click();
  await chat.locator("form.before").waitFor();
  await chat.getByRole("button", { name: "Start chat" }).click();
  await look("form");
  await chat.getByLabel("Name").fill("Ada");
  await chat.getByRole("button", { name: "Start chat" }).click();
  await eventually("the bot welcomes", async () => (await bubbles(page))[0]?.startsWith("bot: Welcome aboard."));
  await look("options");
  await chat.getByRole("button", { name: "Show all" }).click();
  await eventually("everything is shown", async () => (await bubbles(page)).includes("bot: after the pause"));
  await look("carousel");
  await chat.getByRole("button", { name: "Options" }).click();
  await look("menu");
  await page.keyboard.press("Escape");
  await say(page, "human");
  await eventually("the handover is told", () => chat.locator(".note").count());
  await look("handover");
  const [{ session_id: session }] = await page.evaluate(() => window.told.filter(([name]) => name === "sessionCreated").map(([, event]) => event));
  const answer = await fetch(`${given.base}/api/v1/integrations/${given.integration}/sessions/${session}/resolve`, {
    method: "POST", body: JSON.stringify({ agent: { agent_id: "a1", agent_name: "Grace" } }), headers: { Authorization: `apikey ${given.key}`, "Content-Type": "application/json" },
  });
  check("the conversation is resolved", answer.ok, String(answer.status));
  await eventually("a survey is asked", () => chat.getByText("How was this conversation?").count());
  await chat.getByRole("radio", { name: "4 stars of 5" }).check({ force: true });
  await look("survey");
}

await run({ desk, widget });
