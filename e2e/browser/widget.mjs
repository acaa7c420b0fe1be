import { isDeepStrictEqual } from "node:util";
import { becomes, check, eventually, given, run, same, shot, watch, wire } from "./chromium.mjs";
import { bubbles, chatOf, host, launcherOf, listening, say, told, writing } from "./visitor.mjs";

const api = `${given.base}/api/v1/integrations/${given.integration}/sessions`;
const moveo = `${given.base}/v1/custom/${given.integration}/sessions`;

async function call(method, url, body) {
  const answer = await fetch(url, {
    method, body: body && JSON.stringify(body), headers: { Authorization: `apikey ${given.key}`, "Content-Type": "application/json" },
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function talks(browser) {
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 }, colorScheme: "light" });
  const faults = watch(page);
  const asked = [];
  let bytes = 0;
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: true });
  await cdp.send("Network.enable");
  const widget = new Set();
  cdp.on("Network.responseReceived", (e) => {
    const { pathname } = new URL(e.response.url);
    if (pathname.startsWith("/widget/")) widget.add(e.requestId);
  });
  cdp.on("Network.loadingFinished", (e) => (bytes += widget.has(e.requestId) ? e.encodedDataLength : 0));
  page.on("request", (r) => asked.push(r.url()));
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((e) => (window.shift += e.value))).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(`${given.base}/demo`);
  const launcher = launcherOf(page);
  await launcher.waitFor();
  same("the launcher has a name", await launcher.getAttribute("aria-label"), "Open chat");
  same("and a state", await launcher.getAttribute("aria-expanded"), "false");
  same("the chat is not loaded before it is wanted", await page.locator("parley-chat iframe").count(), 0);
  same("nor anything of it", asked.filter((u) => u.includes("/widget/")).map((u) => new URL(u).pathname), ["/widget/loader.js"]);
  await eventually("the launcher is weighed", () => bytes > 0);
  check("the launcher within its budget", bytes > 0 && bytes <= 6 * 1024 + 700, `${bytes} bytes with headers`);
  await shot(page, "launcher");
  await launcher.hover();
  await eventually("hovering loads the frame", () => page.locator("parley-chat iframe").count());
  same("but does not show it", await page.locator("parley-chat iframe").isVisible(), false);
  await launcher.click();
  await eventually("the bot greets", async () => (await bubbles(page))[0]?.includes("I am the demo bot of Parley"));
  same("the trigger is not shown", (await bubbles(page)).length, 1);
  same("the state of the launcher", [await launcher.getAttribute("aria-expanded"), await launcher.getAttribute("aria-label")], ["true", "Close chat"]);
  await eventually("the message has the focus", () => chatOf(page).locator("textarea:focus").count());
  same("the panel is a dialog with a name", await chatOf(page).getByRole("dialog", { name: "Parley demo" }).count(), 1);
  same("the log is a log", await chatOf(page).getByRole("log", { name: "Messages" }).count(), 1);
  same("who speaks is said in text", await chatOf(page).locator(".message.bot .author").first().innerText(), "Demo");
  await shot(page, "greeting");

  await chatOf(page).getByRole("button", { name: "Who am I?" }).click();
  await eventually("an option is said", async () => (await bubbles(page)).includes("user: Who am I?"));
  await eventually("and answered", async () => (await bubbles(page)).some((b) => b.includes("What is your name?")));
  await becomes("options go when they are answered", () => chatOf(page).getByRole("button", { name: "Talk to a human" }).isVisible(), false);
  await say(page, "Ada");
  await eventually("the bot goes on", async () => (await bubbles(page)).some((b) => b.includes("Nice to meet you, Ada")));

  await page.evaluate(() => {
    window.heard = [];
    window.Parley("on", "contextUpdated", (e) => window.heard.push(e.context));
    window.Parley("updateContext", { user: { phone: "+1555", email: "ada@example.com" }, plan: "pro" });
  });
  await eventually("the context comes back", () => page.evaluate(() => window.heard.some((c) => c.plan === "pro")));
  same("masked", await page.evaluate(() => { const c = window.heard.at(-1); return [c.user.phone, c.user.email, c.plan]; }), ["***", "ada@example.com", "pro"]);

  await say(page, "**bold** <b>not</b> https://example.com/x");
  await eventually("the visitor's words are shown as they were typed", async () => (await bubbles(page)).includes("user: **bold** <b>not</b> https://example.com/x"));
  same("HTML is text", await chatOf(page).locator(".log b, .message.user strong, .message.user a").count(), 0);
  await eventually("the log stays at its end", () => chatOf(page).locator(".log").evaluate((l) => l.scrollHeight - l.scrollTop - l.clientHeight < 5));
  await shot(page, "talk");

  await writing(page).press("Escape");
  await eventually("Escape closes", async () => !(await page.locator("parley-chat iframe").isVisible()));
  await becomes("and the focus returns", () => page.evaluate(() => document.activeElement.localName === "parley-chat" && document.activeElement.shadowRoot.activeElement.localName), "button");
  await page.keyboard.press("Enter");
  await eventually("the key opens it again, where it was", async () => (await bubbles(page)).some((b) => b.includes("Nice to meet you, Ada")));

  same("layout shift of the page", await page.evaluate(() => window.shift), 0);
  await launcherOf(page).click();
  await launcherOf(page).click();
  await say(page, "start over");
  await eventually("a script's new session goes on in the same log", async () => (await bubbles(page)).at(-1).startsWith("bot: This is a new session"));
  await say(page, "bye");
  await eventually("an end is told", () => chatOf(page).locator(".note", { hasText: "The conversation has ended" }).count());
  await say(page, "hello");
  await eventually("and the next message begins anew", async () => (await bubbles(page)).at(-1).includes("I am the demo bot of Parley"));
  await say(page, "echo this");
  await eventually("which is remembered", async () => (await bubbles(page)).at(-1).startsWith("bot:") && (await bubbles(page)).at(-1).includes("echo this"));
  await page.reload();
  await launcherOf(page).click();
  await eventually("a new page shows the same talk", async () => (await bubbles(page)).at(-1)?.includes("echo this"));
  same("layout shift of a page that comes back", await page.evaluate(() => window.shift), 0);
  await page.setViewportSize({ width: 320, height: 256 });
  await shot(page, "zoom-400");
  await eventually("at 400 % zoom everything fits", () => chatOf(page).locator("html").evaluate((e) => e.scrollWidth <= 320 && e.querySelector(".composer").getBoundingClientRect().bottom <= 257));
  check("and the log can be read", await chatOf(page).locator(".log").evaluate((l) => l.clientHeight >= 60));
  await page.setViewportSize({ width: 1100, height: 800 });
  await page.emulateMedia({ colorScheme: "dark" });
  await shot(page, "dark");
  await page.emulateMedia({ colorScheme: "light", forcedColors: "active" });
  await shot(page, "forced-colors");
  await page.evaluate(() => window.Parley("setLocale", "ru"));
  await eventually("it speaks Russian", async () => (await writing(page).getAttribute("aria-label")) === "Напишите сообщение");
  await becomes("the launcher too", () => launcherOf(page).getAttribute("aria-label"), "Закрыть чат");

  const [own] = await Promise.all([page.context().waitForEvent("page"), page.evaluate(() => window.Parley("popout"))]);
  await own.locator("textarea").fill("from its own window");
  await own.locator("textarea").press("Enter");
  await eventually("a window of its own shows the same session", () => own.locator(".message.bot", { hasText: "from its own window" }).count());
  await eventually("and the page hears it", async () => (await bubbles(page)).includes("user: from its own window"));
  check("no id of a session is left in its address", !own.url().includes("session"), own.url());
  same("requests to others", asked.filter((u) => /^(https?|wss?):/.test(u) && new URL(u).host !== new URL(given.base).host), []);
  same("fonts", asked.filter((u) => /\.(woff2?|ttf|otf)/.test(u)), []);
  same("faults", faults, []);
}

async function lives(browser) {
  const page = await browser.newPage();
  const faults = watch(page);
  const early = `${listening}
    window.MoveoAI = { q: [], init: function (o) { var q = this.q; return new Promise(function (done, failed) { q.push(['init', [o], done, failed]); }); } };
    window.MoveoAI.init({ integrationId: '${given.integration}', version: 'v2', position: 'left' }).then(function (instance) {
      window.instance = instance;
      instance.onSessionCreated(function (e) { window.made = e.session_id; });
    });
    window.Parley('setCustomAttributes', { plan: 'gold' });`;
  await host(page, given.base, { script: early + `document.addEventListener('DOMContentLoaded', function () { var s = document.createElement('script'); s.async = true; s.src = '${given.base}/widget/loader.js'; document.head.append(s); });`, tag: false });
  await launcherOf(page).waitFor();
  await eventually("init gives an instance", () => page.evaluate(() => typeof window.instance?.openWindow === "function"));
  check("on the left, as asked", await launcherOf(page).evaluate((b) => b.getBoundingClientRect().left < 40));
  await page.evaluate(() => window.instance.sendMessage({ text: "first words" }));
  await eventually("a message opens the session and replaces the trigger", () => page.evaluate(() => typeof window.made === "string"));
  await eventually("unread answers are counted", async () => /unread message/.test(await launcherOf(page).getAttribute("aria-label")));
  await shot(page, "unread");
  await page.evaluate(() => window.instance.openWindow());
  await eventually("what the page said is shown", async () => (await bubbles(page)).includes("user: first words"));
  same("without the trigger", (await bubbles(page)).filter((b) => b.includes("defaultstart")), []);
  await becomes("unread after opening", () => page.evaluate(() => window.instance.unread), 0);
  const updated = await told(page, "sessionCreated");
  same("attributes set before the script came", updated[0].context.custom_fields, { plan: "gold" });

  await page.evaluate(() => { const b = document.createElement("body"); b.innerHTML = "<h1>Another view</h1>"; document.body.replaceWith(b); });
  await eventually("a page that replaces its body keeps the chat", () => page.locator("parley-chat iframe").isVisible());
  check("with its talk", (await bubbles(page)).includes("user: first words"));
  await page.evaluate(() => { document.querySelector("parley-chat").remove(); });
  await eventually("one that throws it out gets it back", () => launcherOf(page).isVisible());
  await eventually("and the talk is taken up", async () => (await bubbles(page)).includes("user: first words"));
  const off = await page.evaluate(() => { const off = window.Parley("on", "close", () => (window.shuts = (window.shuts ?? 0) + 1)); window.Parley("close"); off(); window.Parley("open"); window.Parley("close"); return window.shuts; });
  same("on returns how to stop", off, 1);
  await page.evaluate(() => window.Parley("hideBubble"));
  await becomes("the bubble hides", () => launcherOf(page).isVisible(), false);
  await page.evaluate(() => { window.Parley("showBubble"); window.Parley("setUser", "u1", { name: "Ada", hash: "x" }); });
  await becomes("a hash proves nothing", async () => (await told(page, "error")).map((e) => e.code), ["unsupported"]);
  const made = (await told(page, "sessionCreated")).length;
  await page.evaluate(() => window.Parley("reset"));
  await page.evaluate(() => window.Parley("open"));
  await eventually("reset forgets", async () => (await told(page, "sessionCreated")).length > made && !(await bubbles(page)).includes("user: first words"));
  await page.evaluate(() => window.instance.destroy());
  await becomes("destroy removes it", () => page.locator("parley-chat").count(), 0);
  same("faults", faults.filter((f) => !f.includes("unsupported")), []);

  const reader = await (await browser.newContext({ userAgent: "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" })).newPage();
  const asked = [];
  reader.on("request", (r) => asked.push(new URL(r.url()).pathname));
  await host(reader, given.base);
  await reader.waitForLoadState("networkidle");
  same("a crawler gets no launcher", await reader.locator("parley-chat").count(), 0);
  same("and asks for nothing more", asked.filter((p) => p !== "/" && p !== "/own.js" && p !== "/favicon.ico"), ["/widget/loader.js"]);

  const memory = await browser.newPage();
  await host(memory, given.base, { script: `window.Parley = function () { (window.Parley.q = window.Parley.q || []).push(arguments); }; Parley('init', { integrationId: '${given.integration}', cookieless: true });` });
  await launcherOf(memory).click();
  await say(memory, "leave no trace");
  await eventually("it talks", async () => (await bubbles(memory)).some((b) => b.includes("all said")));
  const left = await Promise.all(memory.frames().map((f) => f.evaluate(() => {
    try {
      return [...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie];
    } catch {
      return []; // a browser that denies storage to frames of other sites
    }
  })));
  same("cookieless leaves nothing", left.flat().filter(Boolean), []);
  same("where else the page remembers", await page.evaluate(() => Object.keys(localStorage).some((k) => k.startsWith("parley."))), true);
}

async function cut(browser) {
  const line = await wire(given.base);
  const page = await browser.newPage();
  await host(page, line.base, { script: listening });
  await launcherOf(page).click();
  await eventually("the first answer", async () => (await bubbles(page)).length === 1);
  const session = (await told(page, "sessionCreated"))[0].session_id;
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const rounds = 50;
  for (let i = 1; i <= rounds; i++) {
    await say(page, `word ${i}`);
    await new Promise((go) => setTimeout(go, random() * 60));
    line.cut();
    if (i % 10 === 0) {
      line.setDown(true);
      await eventually(`round ${i}: the lost line is told`, () => chatOf(page).getByRole("status").filter({ hasText: "No connection" }).count());
      await say(page, `in the dark ${i}`);
      if (i === 20) await shot(page, "offline");
      line.setDown(false);
    }
    if (i === 25) {
      await page.reload(); // what is not acknowledged outlives the page
      await launcherOf(page).click();
    }
  }
  const want = [];
  for (let i = 1; i <= rounds; i++) {
    want.push(`word ${i}`);
    if (i % 10 === 0) want.push(`in the dark ${i}`);
  }
  await eventually("the last answer", async () => (await bubbles(page)).at(-1) === `bot: echo in the dark ${rounds}`);
  await eventually("every message has its answer", async () => (await bubbles(page)).filter((b) => b.startsWith("bot:")).length === want.length + 1);
  const shown = await bubbles(page);
  same("the visitor's messages, in order", shown.filter((b) => b.startsWith("user:")), want.map((w) => `user: ${w}`));
  same("the answers, in order", shown.filter((b) => b.startsWith("bot:")).slice(1), want.map((w) => `bot: echo ${w}`));
  const { messages } = await call("GET", `${api}/${session}/messages?limit=200`);
  same("on the server, once and in order", messages.filter((m) => m.author === "user").map((m) => m.input.text).slice(1), want);
  const server = messages.map((m) => (m.author === "user" ? `user: ${m.input.text}` : `bot: ${m.output.responses[0].text}`)).slice(1);
  same("both sides have the same talk in the same order", shown, server);
  await becomes("nothing is left to send", () => chatOf(page).locator(".under", { hasText: /Sending|Not sent/ }).count(), 0);
  await shot(page, "after-50-cuts");
  await call("POST", `${moveo}/${session}/close`);
  await eventually("the end of a session is told", () => chatOf(page).locator(".note", { hasText: "The conversation has ended" }).count());
  await say(page, "again");
  await eventually("the next message opens another, below", async () => (await bubbles(page)).slice(-2).join() === "user: again,bot: echo again");
  check("which is another", (await told(page, "sessionCreated")).at(-1).session_id !== session);
  line.close();
}

/** A device that slept finds its line dead at the first word: what was written goes over the next one, to the same session. */
/** A line swallows an answer and lives on, or, under a page that polls, breaks in a way that the browser mends by itself. */
async function swallow(browser) {
  const line = await wire(given.base, { polls: given.polls });
  const page = await browser.newPage();
  await host(page, line.base, { script: listening });
  await launcherOf(page).click();
  await eventually("the first answer", async () => (await bubbles(page)).length === 1);
  const want = [(await bubbles(page))[0]];
  const talk = async (text) => {
    await say(page, text);
    want.push(`user: ${text}`, `bot: echo ${text}`);
  };
  const complete = async () => isDeepStrictEqual(await bubbles(page), want);
  await talk("one");
  await eventually("an answer", complete);
  for (const text of ["two", "three", "four"]) {
    line.swallow("message:brain_received");
    await talk(text);
    await eventually(`the answer to ${text} is lost`, () => !line.hungry());
    if (!given.polls) await talk(`after ${text}`); // whose answer shows that one is missing
    await eventually(`everything is there after ${text}`, complete);
  }
  same("in order", await bubbles(page), want);
  line.close();
}

async function sleeps(browser) {
  const page = await browser.newPage();
  await page.clock.install();
  await host(page, given.base, { script: listening });
  await launcherOf(page).click();
  await eventually("the first answer", async () => (await bubbles(page)).length === 1);
  await page.clock.setSystemTime(Date.now() + 3_600_000);
  await say(page, "good morning");
  await eventually("it is answered", async () => (await bubbles(page)).at(-1) === "bot: echo good morning");
  same("by the same session", (await told(page, "sessionCreated")).length, 1);
  same("and no end is told", await told(page, "sessionClosed"), []);
  same("the message is there once", (await bubbles(page)).filter((b) => b === "user: good morning").length, 1);
}

async function hostile(browser) {
  const page = await browser.newPage();
  const faults = watch(page);
  const asked = [];
  page.on("request", (r) => asked.push(r.url()));
  await host(page, given.base, { script: listening });
  await launcherOf(page).click();
  const chat = chatOf(page);
  await chat.locator("form.before").waitFor();
  await shot(page, "hostile-form");
  for (const field of await chat.locator("form.before input").all()) await field.fill(given.script);
  await chat.locator("form.before button").click();
  await eventually("the bot has spoken", async () => (await bubbles(page)).some((b) => b.endsWith("all said")));
  await say(page, `${given.script} [x](javascript:top.bad=1)`);
  await eventually("and again", async () => (await bubbles(page)).filter((b) => b.endsWith("all said")).length === 2);
  await chat.locator("input[type=file]").setInputFiles({ name: '"><img src=x onerror=top.bad=1>.txt', mimeType: "text/plain", buffer: Buffer.from("plain") });
  await eventually("a file of a hostile name is shown", async () => (await bubbles(page)).some((b) => b.startsWith("user:") && b.includes("onerror")));
  const session = (await told(page, "sessionCreated"))[0].session_id;
  await call("POST", `${api}/${session}/agent-messages`, { input: { text: `${given.script} [y](javascript:top.bad=1) from an agent` }, agent: { agent_id: "a1", agent_name: given.script, agent_avatar: "javascript:top.bad=1" } });
  await eventually("the agent has spoken", async () => (await bubbles(page)).some((b) => b.startsWith("agent:") && b.includes("from an agent")));
  for (const button of await chat.locator(".log button:enabled").all()) await button.click({ trial: false, timeout: 2000 }).catch(() => {});
  same("the panel stays in its place", await chat.locator("header").evaluate((h) => h.getBoundingClientRect().top), 0);
  for (const link of await chat.locator(".log a").all()) await link.hover({ timeout: 2000 }).catch(() => {});
  await shot(page, "hostile");
  await eventually("the page answers", () => page.evaluate(() => true));
  same("scripts that ran", await Promise.all(page.frames().map((f) => f.evaluate(() => window.bad ?? null))), page.frames().map(() => null));
  const inside = await chat.locator("body").evaluate((b) => ({
    scripts: [...b.querySelectorAll("script")].filter((s) => !s.src.includes("/widget/assets/")).length,
    handlers: [...b.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => /^on/i.test(a.name))).length,
    addresses: [...b.querySelectorAll("[href],[src]")].filter((e) => /^\s*(javascript|data|vbscript):/i.test(e.getAttribute("href") ?? e.getAttribute("src"))).length,
    foreign: b.querySelectorAll("img[src=x],svg[onload],object,embed").length,
  }));
  same("elements made of texts", inside, { scripts: 0, handlers: 0, addresses: 0, foreign: 0 });
  same("requests the texts made", asked.filter((u) => /evil|\/x$/.test(u)), []);
  same("faults", faults, []);
}

async function rich(browser) {
  const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
  const faults = watch(page, (text) => /media\.example|ERR_/.test(text));
  const picture = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");
  await page.route("https://media.example/**", (route) => {
    const url = new URL(route.request().url());
    if (url.pathname === "/cat.png") return route.fulfill({ contentType: "image/png", body: picture });
    if (url.pathname === "/form") return route.fulfill({ contentType: "text/html", body: `<!doctype html><title>Form</title><p id=asked>${url.search.replaceAll("&", "&amp;").replaceAll("<", "")}</p><button onclick="parent.postMessage('closeModal','*')">Done</button>` });
    return route.fulfill({ status: 404, body: "" });
  });
  await host(page, given.base, { script: listening });
  await launcherOf(page).click();
  const chat = chatOf(page);
  await chat.getByRole("heading", { name: "Before we begin" }).waitFor();
  await eventually("the first field has the focus", () => chat.locator("input[name=display_name]:focus").count());
  await chat.getByRole("button", { name: "Start chat" }).click();
  await becomes("a required field is asked for", () => chat.getByRole("alert").filter({ hasText: "Please fill in this field." }).count(), 1);
  same("no session before the form", (await told(page, "sessionCreated")).length, 0);
  await chat.getByLabel("Name").fill("Ada");
  await chat.getByLabel("E-mail").fill("nobody");
  await chat.getByRole("button", { name: "Start chat" }).click();
  await becomes("an address is looked at", () => chat.getByRole("alert").filter({ hasText: "does not look like" }).count(), 1);
  await chat.getByLabel("E-mail").fill("ada@example.com");
  await chat.getByLabel("Order number").fill("7");
  await shot(page, "form");
  await chat.getByRole("button", { name: "Start chat" }).click();
  await eventually("the bot welcomes", async () => (await bubbles(page))[0]?.startsWith("bot: Welcome aboard."));
  const { context, session_id: session } = (await told(page, "sessionCreated"))[0];
  same("the form is in the context", [context.user.display_name, context.user.email, context.custom_fields.order_number, context.global.visitor_form_completed], ["Ada", "ada@example.com", "7", true]);

  await chat.locator("body").evaluate((b) => {
    const look = () => (window.dots ||= b.querySelector("img[alt='A cat']") && b.querySelector(".typing .dots") && !b.querySelector(".log").textContent.includes("after the pause"));
    new MutationObserver(look).observe(b, { childList: true, subtree: true }); // the pause is over before a busy driver looks
  });
  await chat.getByRole("button", { name: "Show all" }).click();
  await eventually("a picture with its name", () => chat.getByRole("img", { name: "A cat" }).count());
  await shot(page, "pause");
  await eventually("the dots of a pause, before what stands behind it", () => chat.locator("body").evaluate(() => Boolean(window.dots)));
  await eventually("then it is", async () => (await bubbles(page)).includes("bot: after the pause"));
  same("a film, a song, a file", [await chat.locator("video").count(), await chat.locator("audio").count(), await chat.locator("a.file").innerText()], [1, 1, "terms.pdf 2 kB"]);
  same("a link", await chat.locator('a[href="https://media.example/page"]').count(), 1);
  same("a call", await chat.locator('a[href="tel:+123"]').count(), 1);
  await shot(page, "rich");
  await chat.getByRole("button", { name: "Fill in" }).click();
  const view = chat.frameLocator(".sheet iframe");
  const query = new URLSearchParams(await view.locator("#asked").innerText());
  same("a webview knows whom it serves", [query.get("integration_id"), query.get("session_id"), query.get("channel")], [given.integration, session, "web"]);
  await shot(page, "webview");
  await view.getByRole("button", { name: "Done" }).click();
  await eventually("closeModal closes it", async () => (await chat.locator(".sheet").count()) === 0);
  await chat.getByRole("button", { name: "Take tea" }).click();
  await eventually("a postback is said", async () => (await bubbles(page)).includes("bot: heard tea"));
  await chat.getByRole("button", { name: "Not helpful" }).last().click();
  await eventually("a thumb stays", async () => (await chat.locator('.thumb[aria-pressed=true]').count()) === 1);

  await say(page, "human");
  await eventually("the handover is told", async () => (await told(page, "handover")).length === 1);
  same("with what to expect", (await told(page, "handover"))[0].status, "no_agents");
  await eventually("the visitor is told that nobody is there", () => chat.locator(".note", { hasText: "Nobody is available right now." }).count());
  await call("POST", `${api}/${session}/claim`, { agent: { agent_id: "a1", agent_name: "Grace" } });
  await eventually("who joined is told", () => chat.locator(".note", { hasText: "Grace joined" }).count());
  await launcherOf(page).click();
  await call("POST", `${api}/${session}/agent-messages`, { input: { text: "Hello from a person" }, agent: { agent_id: "a1", agent_name: "Grace" } });
  await eventually("an unread message is in the launcher's name", async () => (await launcherOf(page).getAttribute("aria-label")) === "Open chat, 1 unread message");
  await shot(page, "unread");
  await launcherOf(page).click();
  await eventually("and read when the chat opens", async () => (await told(page, "unread")).at(-1).count === 0);
  same("who speaks", await chat.locator(".message.agent .author").last().innerText(), "Grace");
  await chat.locator("input[type=file]").setInputFiles({ name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
  await eventually("a file is sent", async () => (await bubbles(page)).some((b) => b.startsWith("user: note.txt")) && (await chat.locator(".message.user .under").last().innerText()).includes("Sent"));
  await eventually("and kept", async () => (await call("GET", `${api}/${session}/messages?limit=100`)).messages.some((m) => m.input?.attachments?.[0]?.filename === "note.txt"));

  await call("POST", `${api}/${session}/resolve`, { agent: { agent_id: "a1", agent_name: "Grace" } });
  await eventually("the end is told", () => chat.locator(".note", { hasText: "closed" }).count());
  await eventually("a survey is asked", () => chat.getByText("How was this conversation?").count());
  await chat.getByRole("radio", { name: "4 stars of 5" }).check({ force: true });
  await chat.getByLabel("Anything to add?").fill("kind");
  same("the words stay", await chat.getByLabel("Anything to add?").inputValue(), "kind");
  await shot(page, "survey");
  await chat.getByRole("button", { name: "Submit" }).click();
  await eventually("thanks", () => chat.getByText("Thank you for your rating.").count());
  await becomes("the page hears of it", () => told(page, "rated"), [{ rating: 4 }]);
  await chat.getByRole("button", { name: "Reopen conversation" }).click();
  await eventually("it is open again", async () => (await told(page, "conversationReopened")).length === 1);
  await shot(page, "reopened");
  same("faults", faults, []);
}

async function signed(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const faults = watch(page, (text) => text.includes("invalid_identity_token"));
  const known = (who) => `${listening}
    window.Parley('init', { integrationId: '${given.integration}', identityToken: ${who ? `function () { return Promise.resolve('${given[who]}'); }` : "undefined"} });`;
  await host(page, given.base, { script: known() });
  await launcherOf(page).click();
  await eventually("without a token the visitor is told", () => chatOf(page).getByRole("alert").filter({ hasText: "could not confirm who you are" }).count());
  same("and no session begins", (await told(page, "sessionCreated")).length, 0);
  await page.evaluate((token) => window.Parley("loginUser", token), given.ada);
  await eventually("with one it does", async () => (await told(page, "sessionCreated")).length === 1);
  await eventually("and the alert goes", async () => (await chatOf(page).locator(".banner.error").count()) === 0);
  await say(page, "I am Ada");
  await eventually("the bot answers", async () => (await bubbles(page)).at(-1) === "bot: echo I am Ada");
  const { session_id: session } = (await told(page, "sessionCreated"))[0];
  same("the session is hers", (await call("GET", `${api}/${session}`)).context.user.external_id, "ada");
  await shot(page, "signed");

  const next = await context.newPage();
  await page.close();
  await host(next, given.base, { script: known("bob"), port: new URL(page.url()).port });
  await launcherOf(next).click();
  await eventually("another person on the same page has another session", async () => (await told(next, "sessionCreated")).length === 1);
  const his = (await told(next, "sessionCreated"))[0].session_id;
  same("which is his", [his !== session, (await call("GET", `${api}/${his}`)).context.user.external_id], [true, "bob"]);
  check("without a word of hers", !(await bubbles(next)).some((b) => b.includes("Ada")));
  await next.reload();
  await launcherOf(next).click();
  await say(next, "it is Bob");
  await eventually("on the next page his goes on", async () => (await bubbles(next)).at(-1) === "bot: echo it is Bob");
  same("as the same session", (await told(next, "sessionCreated")).map((e) => e.session_id), [his]);
  same("faults", faults, []);
}

await run({ talks, lives, cut, swallow, sleeps, hostile, rich, signed });
