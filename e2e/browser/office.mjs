// The pages beside the threads: settings, reports, search, the panel, and the keys.
import { createHmac } from "node:crypto";
import { act, area, arrive, ask, rowOf } from "./agent.mjs";
import { becomes, check, eventually, given, run, same, shot } from "./chromium.mjs";

const sessions = `${given.base}/v1/custom/${given.integration}/sessions`;

async function post(url, body) {
  const answer = await fetch(url, { method: "POST", headers: { Authorization: `apikey ${given.key}`, "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`POST ${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** A visitor who said something. */
async function visitor(name, text, context = {}) {
  const { session_id } = await post(sessions, { context: { user: { display_name: name, phone: "+301234" }, ...context } });
  await post(`${sessions}/${session_id}/messages`, { input: { text } });
  return session_id;
}

/** The code of an authenticator (RFC 6238). */
function authenticator(secret) {
  const bits = [...secret.replace(/[\s=]/g, "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", key).update(counter).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1e6).padStart(6, "0");
}

const button = (page, name) => page.getByRole("button", { name, exact: true });
const field = (page, name) => page.getByRole("textbox", { name, exact: true });
const cards = (page) => page.locator(".card-line").allInnerTexts();
const settings = async (page, part) => {
  await page.goto(`${given.base}/desk/settings/${part}`);
  await page.locator(".page h1").waitFor();
};

/** An admin sets things up, and an invited agent sees less. */
async function setUp(browser) {
  const refusals = /40[01] \(/; // a wrong code is tried
  const page = await arrive(browser, given.link, { name: "Ann", email: "ann@desk.example" }, { allowed: (text) => refusals.test(text) });
  await settings(page, "me");
  await button(page, "Turn on").click();
  await page.locator("svg.qr").waitFor();
  const secret = await page.locator(".copy-line code").innerText();
  await field(page, "The code that it shows now").fill("000000");
  await button(page, "Confirm").click();
  await eventually("a wrong code is told", async () => (await page.locator(".fault").allInnerTexts()).includes("The code is wrong."));
  await field(page, "The code that it shows now").fill(authenticator(secret));
  await button(page, "Confirm").click();
  await eventually("recovery codes", async () => (await page.locator(".recovery li").count()) >= 8);
  await shot(page, "second-factor");

  await settings(page, "agents");
  await button(page, "Invite").click();
  await field(page, "Name").fill("Bob");
  await field(page, "E-mail").fill("bob@desk.example");
  await page.locator(".dialog").getByRole("button", { name: "Invite" }).click();
  const link = await page.locator(".invitation code").innerText();
  check("a link to hand over", link.includes("/desk/invitations/"), link);

  await settings(page, "departments");
  await button(page, "New department").click();
  await field(page, "Name").fill("Sales");
  await page.getByText("Always open", { exact: true }).last().click();
  await page.getByLabel("Holidays").fill("2026-12-25");
  await button(page, "Add").click();
  await page.locator(".check", { hasText: "Bob" }).click();
  await shot(page, "hours");
  await button(page, "Save").click();
  await eventually("the department stands there", async () => (await cards(page)).some((text) => text.includes("Sales") && text.includes("1 person")));
  const { departments } = await ask(page, "GET", "/departments");
  same("with its hours", departments[0].hours.weekly, [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "18:00" }]);
  same("and holidays", departments[0].hours.holidays, ["2026-12-25"]);

  await settings(page, "canned");
  await button(page, "New canned reply").click();
  await field(page, "Shortcut").fill("hi");
  await field(page, "Text").fill("Hello {{client.nam}}");
  await eventually("an unknown variable is told", () => page.getByText("There is no variable {{client.nam}}.").count());
  same("and cannot be saved", await button(page, "Save").isDisabled(), true);
  await field(page, "Text").fill("Hello {{client.name}}");
  await button(page, "Save").click();
  await eventually("the reply stands there", async () => (await cards(page)).some((text) => text.includes("/hi")));

  await settings(page, "audit");
  await eventually("the log tells of it", async () => (await page.locator(".audit tbody tr").count()) >= 3);
  await visitor("Vera", "hello");
  await page.goto(`${given.base}/desk/reports`);
  await eventually("the reports count", async () => (await page.locator(".figure", { hasText: "With the bot" }).innerText()).endsWith("1"));
  await page.locator(".chart-data button").first().click();
  await eventually("with a table of the chart", async () => (await page.locator(".chart table td").allInnerTexts()).includes("1"));
  await shot(page, "reports");

  const bob = await arrive(browser, link, { name: "Bob" });
  await settings(bob, "audit");
  same("an agent's settings", await bob.locator(".settings-link").allInnerTexts(), ["My profile", "My desk", "Shortcuts", "Canned replies", "Saved views"]);
  same("and rail", await bob.locator(".rail-word").allInnerTexts(), ["Chats", "Search", "Settings"]);
  const first = await ask(bob, "GET", "/threads?tab=all&sort=latest");
  await bob.goto(`${given.base}/desk/threads/${first.threads[0].id}`);
  const phone = bob.locator(".context-line", { hasText: "phone" });
  await eventually("what is masked stands as stars", async () => (await phone.innerText()).includes("***"));
  same("and is not edited", await phone.getByRole("button").count(), 0);
  same("faults", [...page.faults, ...bob.faults], []);
}

const line = (page, key) => page.locator(".context-line", { has: page.locator("dt", { hasText: new RegExp(`^${key.replace(".", "\\.")}$`) }) });
const value = (page, key) => line(page, key).locator("dd").innerText();

/** The context of a thread is edited, searched for and erased. */
async function know(browser) {
  const page = await arrive(browser, given.link, { name: "Ann", email: "ann@desk.example" }, { allowed: (text) => /4(04|12) \(/.test(text) }); // an erased thread is asked for once more; a change may meet another version
  const id = await visitor("Ada", "where is my parcel <b>now</b>", { order: { id: 7, open: true }, tags: ["vip"] });
  await rowOf(page, "Ada").click();
  await button(page, "Edit order.id").click();
  await field(page, "order.id").fill("seven");
  await button(page, "Save").click();
  await eventually("a number stays a number", async () => (await page.locator(".context-form .fault").innerText()) === "This is not a number.");
  await field(page, "order.id").fill("8");
  await button(page, "Save").click();
  await eventually("saved", async () => (await value(page, "order.id")) === "8");
  await button(page, "Add a key to: User").click();
  await field(page, "Key").fill("address.city");
  await field(page, "Value").fill("Corfu");
  await page.locator(".context-form").getByRole("button", { name: "Add" }).click();
  await eventually("a new key", async () => (await value(page, "address.city")) === "Corfu");

  await button(page, "Edit display_name").click();
  await ask(page, "PATCH", `/threads/${id}/context`, { patch: { user: { display_name: "Changed meanwhile" } } });
  await eventually("the change arrives", () => page.locator(".contact-name", { hasText: "Changed meanwhile" }).count());
  await field(page, "display_name").fill("Ada King");
  await button(page, "Save").click();
  await eventually("what changed unseen is told", async () => (await page.locator(".context-form .fault").innerText()).includes("was changed meanwhile"));
  await shot(page, "conflict");
  await button(page, "Save").click();
  await eventually("and written over when wanted", () => page.locator(".contact-name", { hasText: "Ada King" }).count());

  await button(page, "Edit order.open").click();
  await page.locator(".context-form").getByRole("button", { name: "Delete" }).click();
  await eventually("a key is deleted", async () => (await line(page, "order.open").count()) === 0);
  await button(page, "History of the context").click();
  await eventually("the history tells who", async () => (await page.locator(".history li").count()) === 5 && (await page.locator(".history li").first().innerText()).includes("Ann"));
  const { context } = await ask(page, "GET", `/threads/${id}`);
  same("the document", [context.order, context.user.address, context.tags], [{ id: 8 }, { city: "Corfu" }, ["vip"]]);

  await page.goto(`${given.base}/desk/search?query=parc`);
  const hit = page.locator(".hit", { has: page.locator("mark") }).last();
  await hit.waitFor();
  same("the word is marked", await hit.locator("mark").allInnerTexts(), ["parc"]);
  same("markup stays text", await hit.locator("b").count(), 0);
  await hit.click();
  await eventually("the thread opens at the message", () => page.evaluate(() => document.activeElement?.textContent.includes("where is my parcel")));
  await shot(page, "arrived");

  await button(page, "Transcript and data").click();
  await button(page, "Erase the person").click();
  const erase = page.locator(".dialog").getByRole("button", { name: "Erase the person" });
  same("erasure wants a word", await erase.isDisabled(), true);
  await field(page, "Type “erase” to confirm").fill("erase");
  await erase.click();
  await eventually("the proof", () => page.getByText("This is the proof").count());
  await page.locator(".dialog").getByRole("button", { name: "Close" }).click();
  await eventually("the row is gone", async () => (await page.locator(".rows .row").count()) === 0);
  same("faults", page.faults, []);
}

/** Guarantees 3.1: keys that are known by their place, that anybody can change, and switch off. */
async function keys(browser) {
  const page = await arrive(browser, given.link, { name: "Ann", email: "ann@desk.example" });
  for (const name of ["Ada", "Grace", "Alan"]) await visitor(name, "hello");
  await eventually("three threads", async () => (await page.locator(".rows .row").count()) === 3);
  const open = () => page.locator(".thread-who h1").innerText();
  await page.keyboard.press("Alt+KeyJ");
  await act(page, "Claim").waitFor();
  const first = await open();
  await page.keyboard.press("Alt+KeyJ");
  await eventually("next", async () => (await open()) !== first);
  await page.keyboard.press("Alt+KeyK");
  await eventually("previous", async () => (await open()) === first);
  await page.keyboard.press("Alt+KeyP");
  await eventually("the note has the focus", () => area(page).evaluate((a) => a === document.activeElement && a.getAttribute("aria-label") === "Private note"));
  await page.keyboard.type("is it? yes");
  await becomes("a note, in which ? types", () => area(page).inputValue(), "is it? yes");
  await area(page).fill("");
  await page.keyboard.press("Control+KeyK");
  await eventually("the menu has the focus", () => page.getByRole("dialog").evaluate((d) => d.contains(document.activeElement) && document.activeElement.localName === "input"));
  await page.keyboard.type("claim");
  await eventually("it narrows", async () => /^Claim/.test(await page.getByRole("option").first().innerText()));
  await page.keyboard.press("Enter");
  await eventually("the menu claims", () => page.getByText("You have this conversation").count());
  await eventually("what can be pressed can be done by a key", () => act(page, "Snooze").isEnabled());
  await page.keyboard.press("Alt+KeyM");
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("Escape");
  await eventually("Escape shuts the menu", async () => (await page.getByRole("menu").count()) === 0);
  same("and not the thread", await open(), first);

  await settings(page, "shortcuts");
  await page.getByRole("button", { name: /^Resolve: Alt/ }).click();
  await page.keyboard.press("Alt+KeyJ");
  await eventually("keys that are taken are told", async () => (await page.locator(".keys-fault").innerText()) === "Alt+J is taken by “Next conversation”.");
  await page.keyboard.press("KeyX");
  await eventually("others are learned", () => page.getByRole("button", { name: "Resolve: X. Change" }).count());
  await shot(page, "shortcuts");
  await page.goto(`${given.base}/desk/`);
  await rowOf(page, first).click();
  await eventually("it can be resolved", () => act(page, "Resolve").isEnabled());
  await page.keyboard.press("Alt+KeyE");
  await page.keyboard.press("KeyX");
  await eventually("and work, also after a reload", () => act(page, "Reopen").count());
  await page.locator("body").press("Shift+Slash");
  await eventually("the help lists them", async () => (await page.locator(".help dl").first().innerText()).includes("Resolve\nX"));
  await page.getByRole("dialog").getByRole("link", { name: "Change shortcuts" }).click();
  await page.getByText("Use shortcuts", { exact: true }).click();
  await eventually("the switch is kept", async () => (await ask(page, "GET", "/session")).preferences.shortcuts.off === true);
  await page.goto(`${given.base}/desk/`);
  await page.locator(".rows .row").first().waitFor();
  await page.keyboard.press("Alt+KeyJ");
  await page.keyboard.press("Shift+Slash");
  same("switched off, keys do nothing", [await page.getByRole("dialog").count(), new URL(page.url()).pathname], [0, "/desk/"]);
  same("faults", page.faults, []);
}

await run({ setUp, know, keys });
