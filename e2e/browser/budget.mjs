// What the pages weigh, whether they move while they load, and whom they ask for things.
import { check, eventually, given, run, same, watch } from "./chromium.mjs";
import { arrive } from "./agent.mjs";
import { bubbles, host, launcherOf, say } from "./visitor.mjs";

const kib = 1024;

/** Notes what a page and its frames load: bytes on the wire without headers, by path, and every address that is asked. */
function scales(page) {
  const asked = [];
  const weighed = [];
  page.on("request", (r) => asked.push(r.url()));
  page.on("websocket", (s) => asked.push(s.url()));
  page.on("requestfinished", (r) => {
    const size = r.sizes().then((s) => [new URL(r.url()).pathname, s.responseBodySize]);
    size.catch(() => undefined); // a page that was closed meanwhile is not asked again; bytes() would tell
    weighed.push(size);
  });
  return {
    /** Who is asked, apart from hosts that may be. Addresses like data: and blob: ask nobody. */
    strangers: (...hosts) => asked.filter((url) => /^(https?|wss?):/.test(url) && !hosts.includes(new URL(url).host)),
    asked: (pattern) => asked.some((url) => pattern.test(url)),
    async bytes(pattern) {
      const all = (await Promise.all(weighed)).filter(([path]) => pattern.test(path));
      return all.reduce((sum, [, size]) => sum + size, 0);
    },
  };
}

/** Sums what moves that nobody moved, as Lighthouse does, but also what moves just after a key or a click. */
const shifts = (page) => page.addInitScript(() => {
  window.shift = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((e) => (window.shift += e.value))).observe({ type: "layout-shift", buffered: true });
});
const shift = (page) => page.evaluate(() => window.shift);

function within(what, size, most) {
  check(`${what}: at most ${most} bytes`, size > 0 && size <= most, `${size} bytes`);
}

/** A customer's page with the widget, from its load to an answer of the bot. */
async function widget(browser) {
  for (const viewport of [{ width: 1100, height: 800 }, { width: 360, height: 640 }]) {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    const faults = watch(page);
    const scale = scales(page);
    await shifts(page);
    await host(page, given.base);
    await launcherOf(page).waitFor();
    await page.waitForLoadState("networkidle");
    within("launcher", await scale.bytes(/^\/widget\//), 6 * kib);
    same("only the launcher is loaded", scale.asked(/\/widget\/(?!loader\.js)/), false);

    await launcherOf(page).click();
    await eventually("the bot greets", async () => (await bubbles(page)).length > 0);
    await say(page, "hello");
    await eventually("the bot answers", async () => (await bubbles(page)).at(-1).startsWith("bot:") && (await bubbles(page)).length > 2);
    within("launcher and chat", await scale.bytes(/^\/widget\//), 45 * kib);
    await launcherOf(page).evaluate((b) => b.click());
    await page.waitForLoadState("networkidle");
    same(`layout shift of the page at ${viewport.width} px`, await shift(page), 0);
    await page.evaluate(() => document.body.prepend(Object.assign(document.createElement("p"), { innerText: "late\n".repeat(9) })));
    await eventually("what moves would be seen", async () => (await shift(page)) > 0);
    same("requests to strangers", scale.strangers(new URL(given.base).host, new URL(page.url()).host), []);
    same("and the page itself was asked only for its own", scale.asked(/localhost:\d+\/(?!$|own\.js$|favicon\.ico$)/), false);
    same("fonts", scale.asked(/\.(woff2?|ttf|otf)/), false);
    same("faults", faults, []);
    await context.close();
  }
}

/** The desk of somebody who is signed in, with conversations in its list. */
async function desk(browser) {
  const first = await arrive(browser, given.link, { name: "Ann", email: "ann@desk.example" });
  for (let i = 0; i < 30; i++) await converse(i);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, storageState: await first.context().storageState() });
  await first.context().close();
  const page = await context.newPage();
  const faults = watch(page);
  const scale = scales(page);
  await shifts(page);
  await page.goto(`${given.base}/desk/`);
  await eventually("rows", () => page.locator(".rows .row").count());
  await page.waitForLoadState("networkidle");
  within("scripts of the first page", await scale.bytes(/^\/desk\/.*\.js$/), given.scripts * kib);
  within("styles of the first page", await scale.bytes(/^\/desk\/.*\.css$/), given.styles * kib);
  check(`layout shift while it loads, of at most ${given.shift}`, (await shift(page)) <= given.shift, String(await shift(page)));
  await page.locator(".rows .row").first().click();
  await eventually("a thread", () => page.locator(".thread .log article").count());
  same("requests to strangers", scale.strangers(new URL(given.base).host), []);
  same("fonts", scale.asked(/\.(woff2?|ttf|otf)/), false);
  same("faults", faults, []);
}

/** A cut line while a part of the page is on its way: the rest stays, and a new page has it. */
async function broken(browser) {
  const page = await arrive(browser, given.link, { name: "Ann", email: "ann@desk.example" }, { allowed: (text) => /ERR_FAILED|Failed to fetch/.test(text) });
  await converse(0);
  await page.route(/\/assets\/(panel|help)-/, (route) => route.abort());
  await page.reload(); // the page fetches its panel after a second, and a slow driver comes later
  await page.locator(".rows .row").first().click();
  await eventually("the thread is there without its panel", () => page.locator(".thread .log article").count());
  await eventually("and says so", () => page.getByRole("alert").filter({ hasText: "could not be loaded" }).count());
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Shift+Slash");
  await eventually("so does the help", async () => (await page.getByRole("alert").filter({ hasText: "could not be loaded" }).count()) === 2);
  await page.unroute(/\/assets\/(panel|help)-/);
  await page.getByRole("button", { name: "Reload the page" }).first().click();
  await eventually("a new page has the panel", () => page.locator(".panel-region:not([aria-busy])").count());
  same("alerts", await page.getByText("could not be loaded").count(), 0);
}

async function converse(n) {
  const sessions = `${given.base}/v1/custom/${given.integration}/sessions`;
  const headers = { Authorization: `apikey ${given.key}`, "Content-Type": "application/json" };
  const post = async (url, body) => {
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`POST ${url}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const { session_id } = await post(sessions, { context: { user: { display_name: `Visitor ${n}` } } });
  await post(`${sessions}/${session_id}/messages`, { input: { text: "hello" } });
}

await run({ widget, desk, broken });
