// Everything that people and bots can write is hostile, and the desk shows it as text.
import { area, arrive, ask, invite, lines, rowOf, write } from "./agent.mjs";
import { eventually, given, run, same, shot } from "./chromium.mjs";
import { bubbles, chatOf, host, launcherOf, listening, say } from "./visitor.mjs";

const script = given.script;
const link = `[press](javascript:top.bad=1) ![x](javascript:top.bad=1) <javascript:top.bad=1>`;

/** What a page would show if a text had become more than text. */
const injected = (page) => page.evaluate(() => ({
  ran: "bad" in window,
  scripts: [...document.querySelectorAll("script")].filter((s) => !s.src.startsWith(`${location.origin}/desk/assets/`)).length,
  handlers: [...document.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => /^on/i.test(a.name))).length,
  addresses: [...document.querySelectorAll("[href],[src],[action],[formaction]")].filter((e) => /^\s*(javascript|data|vbscript):/i.test(e.getAttribute("href") ?? e.getAttribute("src") ?? "")).length,
  foreign: document.querySelectorAll("img[src=x],svg[onload],object,embed,iframe,form[action*=evil]").length,
}));
const nothing = { ran: false, scripts: 0, handlers: 0, addresses: 0, foreign: 0 };

async function desk(browser) {
  const ann = await arrive(browser, given.link, { name: `Ann ${script}`.slice(0, 60), email: "ann@desk.example" });
  await arrive(browser, await invite(ann, "bob@desk.example", "Bob <img src=x onerror=top.bad=1>", "agent"), { name: "Bob <img src=x onerror=top.bad=1>" });
  await ask(ann, "POST", "/departments", { name: "<img src=x onerror=top.bad=1>", strategy: "longest_waiting" });
  await ask(ann, "POST", "/views", { name: "<img src=x onerror=top.bad=1>", filter: { tab: "all", status: "queued" } });
  await ask(ann, "POST", "/canned-replies", { shortcut: "bad", text: `${script} ${link} {{client.name}}`, shared: true });

  const page = await (await browser.newContext()).newPage();
  await host(page, given.base, { script: listening });
  await launcherOf(page).click();
  await chatOf(page).locator("form.before").waitFor();
  for (const field of await chatOf(page).locator("form.before input").all()) await field.fill(script);
  await chatOf(page).locator("form.before button").click();
  await eventually("the bot has spoken", async () => (await bubbles(page)).some((b) => b.endsWith("all said")));
  await page.evaluate((text) => window.Parley("updateContext", { tags: [text.slice(0, 40)], custom_fields: { "<b>key</b>": text, address: "javascript:top.bad=1" } }), script);
  await say(page, `${script} ${link}`);
  await chatOf(page).locator("input[type=file]").setInputFiles({ name: '"><img src=x onerror=top.bad=1>.txt', mimeType: "text/plain", buffer: Buffer.from("plain") });
  await eventually("a file of a hostile name is sent", async () => (await bubbles(page)).some((b) => b.startsWith("user:") && b.includes("onerror=top.bad=1>.txt")));

  await ann.reload();
  await rowOf(ann, "<img").first().click();
  await eventually("the file is shown by its name", async () => (await lines(ann)).some((l) => l.startsWith("user:") && l.includes("onerror=top.bad=1>.txt")));
  await write(ann, `${script} ${link}`);
  await eventually("what the agent wrote is there", async () => (await lines(ann)).some((l) => l.startsWith("agent:") && l.includes("onerror")));
  await ann.getByRole("button", { name: "Private note" }).click();
  await write(ann, `${script} ${link} note`);
  await eventually("the note is there", async () => (await lines(ann)).some((l) => l.startsWith("note:") && l.includes("onerror")));
  await area(ann).pressSequentially("@Bob");
  await eventually("a hostile name is suggested", () => ann.getByRole("option", { name: /onerror/ }).count());
  same("in suggestions", await injected(ann), nothing);
  await area(ann).fill("");
  await ann.getByRole("button", { name: "Reply", exact: true }).click();
  await area(ann).pressSequentially("/bad");
  await eventually("a hostile reply is suggested", () => ann.getByRole("option", { name: /onerror/ }).count());
  await ann.keyboard.press("Enter");
  await ann.keyboard.press("Enter");
  await eventually("and sent", async () => (await lines(ann)).filter((l) => l.startsWith("agent:")).length === 2);
  await shot(ann, "desk-hostile");
  same("in the thread", await injected(ann), nothing);
  for (const one of await ann.locator(".thread .log a").all()) same("a link leads to the web or to a file of ours", /^(https?:|mailto:|tel:)/.test(await one.evaluate((a) => a.href)), true);

  const places = ["/desk/", "/desk/search?query=onerror", "/desk/reports", ...["me", "canned", "views", "departments", "agents", "audit"].map((part) => `/desk/settings/${part}`)];
  for (const place of places) {
    await ann.goto(given.base + place);
    await ann.locator("h1").first().waitFor({ state: "attached" });
    await ann.waitForLoadState("networkidle");
    same(`on ${place}`, await injected(ann), nothing);
  }
  await shot(ann, "audit-hostile");
  same("the visitor's page and frame", await Promise.all(page.frames().map((f) => f.evaluate(() => "bad" in window))), page.frames().map(() => false));
  same("faults", ann.faults, []); // a policy that is broken is one of them
}

await run({ desk });
