// What an agent sees and does at the desk.
import { eventually, patient, watch } from "./chromium.mjs";

/** Takes the link of the first start or of an invitation, as a person does, and arrives at the desk. */
export async function arrive(browser, link, { name, email }, { allowed, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: "light", ...options });
  const page = await context.newPage();
  page.faults = watch(page, (text, url) => /401 \(Unauthorized\)/.test(text) || allowed?.(text, url)); // asks who one is before one is anybody
  await page.goto(link);
  if (email) await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("New password").fill("correct mule battery");
  await page.getByRole("button", { name: "Create my account" }).click();
  await eventually(`${name} is at the desk`, () => page.getByRole("button", { name: `${name}, Offline` }).count());
  return page;
}

/** Asks the desk's API as the person of a page. */
export async function ask(page, method, path, body) {
  const answer = await page.evaluate(async ([how, where, what]) => {
    const got = await fetch(`/desk/api${where}`, { method: how, ...(what ? { body: JSON.stringify(what), headers: { "Content-Type": "application/json" } } : {}) });
    return { status: got.status, body: got.status === 204 ? null : await got.json() };
  }, [method, path, body]);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Does something at the desk, and again when the page says that the line broke over it, until it holds. */
export async function insist(page, what, doing, holds) {
  const broken = page.locator(".notice-error", { hasText: "There is no connection to the server." });
  await doing();
  page.setDefaultTimeout(2_000); // what is pressed again may be gone, because it had worked
  await eventually(what, async () => {
    if (await holds()) return true;
    if (await broken.count()) {
      await broken.first().getByRole("button").click();
      await doing();
    }
    return false;
  });
  page.setDefaultTimeout(patient);
}

/** Presses a button above the thread and chooses in its dialog. */
export async function choose(page, action, option, between = () => {}) {
  if (await page.getByRole("dialog").count()) await page.keyboard.press("Escape"); // an earlier try left it open
  await act(page, action).click();
  await eventually(`${option} can be chosen`, () => page.getByRole("option", { name: option, exact: true }).count());
  await between();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** The link for a colleague. */
export const invite = async (page, email, name, role) => (await ask(page, "POST", "/agents", { email, name, role, departments: [], capacity: 5 })).invitation_url;

export async function setPresence(page, presence) {
  await insist(page, `presence ${presence}`, async () => {
    await page.locator("button.person").click();
    await page.getByRole("menuitemradio", { name: presence, exact: true }).click();
  }, () => page.getByRole("button", { name: new RegExp(`, ${presence}: presence`) }).count());
}

export const tab = (page, name) => page.locator(".list-tab", { hasText: name });
export const rowOf = (page, client) => page.locator(".rows a.row", { hasText: client });

/** Opens a conversation from a tab of the list; a list that moves under the pointer takes a second look. */
export async function open(page, from, client) {
  await tab(page, from).click();
  await eventually(`the thread of ${client} is open`, async () => {
    if ((await page.locator(".thread-head h1").allInnerTexts()).join() === client) return true;
    await rowOf(page, client).click({ timeout: 2_000 });
  });
}

export const act = (page, name) => page.getByRole("group", { name: "Ownership" }).getByRole("button", { name, exact: true });
export const area = (page) => page.locator("textarea[data-composer]");
export const owner = (page) => page.locator(".takeover .who").innerText();
export const events = (page) => page.locator(".system-line").allInnerTexts();

export async function write(page, text) {
  await area(page).fill(text);
  await area(page).press("Enter");
}

/** What stands in the thread: author and text of each message; what is on its way is marked. */
export const lines = (page) => page.locator(".thread .log").evaluate((log) => [...log.querySelectorAll("article.message")].map((m) => {
  const author = [...m.classList].find((c) => c.startsWith("from-")).slice(5);
  const bubble = m.querySelector(".bubble");
  return `${m.classList.contains("outgoing") ? "(sending) " : ""}${author}: ${bubble.innerText.trim() || bubble.querySelector("img")?.alt}`;
}));

/** Lets requests to a path go on only when one of each page is there, so that they are at the server at once. */
export async function together(pages, path) {
  let here = 0;
  let open;
  const all = new Promise((go) => (open = go));
  for (const page of pages) {
    await page.route(path, async (route) => {
      if (++here === pages.length) open();
      await all;
      await route.continue();
    });
  }
  return () => Promise.all(pages.map((page) => page.unroute(path)));
}
