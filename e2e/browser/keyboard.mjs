// The main path of the product by keys alone, on both sides; where the focus is can always be seen.
import { ask, events, lines, owner, together } from "./agent.mjs";
import { becomes, check, eventually, given, run, same, shot, watch } from "./chromium.mjs";
import { bubbles, chatOf, host, listening, remarks } from "./visitor.mjs";

/** The element with the focus, through shadow roots and frames. */
async function holder(page) {
  const innermost = () => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at ?? document.body;
  };
  const element = await page.evaluateHandle(innermost);
  const frame = await element.asElement()?.contentFrame();
  return frame ? frame.evaluateHandle(innermost) : element;
}

/** The name of what has the focus, and whether one sees that it has it. */
async function focused(page) {
  return (await holder(page)).evaluate((el) => {
    const ring = (one) => {
      const style = getComputedStyle(one);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1 && style.outlineColor !== "rgba(0, 0, 0, 0)";
    };
    // A radio button that is drawn by its label, and a text whose frame is drawn around it, show the focus there.
    const frames = [el.closest(".composer-box, .find")].filter(Boolean);
    const around = [el, ...frames, el.closest("label")].filter(Boolean);
    const box = el.getBoundingClientRect();
    return {
      name: el === document.body ? "" : (el.getAttribute("aria-label") || el.labels?.[0]?.innerText || el.innerText || el.localName).trim().replaceAll(/\s+/g, " "),
      seen: el === document.body || ((around.some(ring) || frames.some((one) => getComputedStyle(one).boxShadow !== "none")) && (box.width <= 1 || (box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth))),
    };
  });
}

/** Presses Tab until something of a name has the focus. Everything on the way has to show that it has it. */
async function reach(page, name, key = "Tab") {
  const unseen = [];
  const way = [];
  for (let i = 0; i < 80; i++) {
    const at = await focused(page);
    if (!at.seen) unseen.push(at.name);
    if (name.test(at.name)) {
      same(`the focus is seen on the way to ${name}`, unseen, []);
      return;
    }
    way.push(at.name.slice(0, 30));
    await page.keyboard.press(key);
  }
  check(`${name} can be reached by ${key}`, false, way.join(" → "));
}

async function press(page, name, key) {
  await reach(page, name, key);
  await page.keyboard.press("Enter");
}

/** Writes, looks whether it stands there, and sends. A frame that has just got the focus may miss keys of a driver that does not look. */
async function type(page, text) {
  const written = async () => (await holder(page)).evaluate((el) => el.value);
  await eventually(`"${text}" is written`, async () => {
    if ((await written()) === text) return true;
    if (await written()) await page.keyboard.press("Control+A");
    await page.keyboard.type(text);
    return (await written()) === text;
  });
  await page.keyboard.press("Enter");
}

async function arrive(browser, link, name, email) {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  chooses(page);
  page.faults = watch(page, (text) => /401 \(Unauthorized\)|409 \(Conflict\)/.test(text)); // asks who one is; loses a race
  await page.goto(link);
  await eventually("the first field has the focus", async () => (await focused(page)).name.startsWith("Your name"));
  if (email) {
    await page.keyboard.type(name); // an invitation knows it already
    await reach(page, /^E-mail/, "Shift+Tab");
    await page.keyboard.type(email);
  }
  await reach(page, /^New password/);
  await page.keyboard.type("correct mule battery");
  await press(page, /^Create my account/);
  await eventually(`${name} is at the desk`, () => page.getByRole("button", { name: `${name}, Offline` }).count());
  return page;
}

/** Presence from its menu: open, letters to the line, choose. */
async function setPresence(page, presence) {
  await press(page, /presence and settings$/);
  await eventually("the menu has the focus", async () => /Online|Busy|Offline/.test((await focused(page)).name));
  for (let found = false, tries = 0; !found && tries < 10; tries++) {
    if (tries) await new Promise((go) => setTimeout(go, 2_000)); // letters that came too slowly one after the other are forgotten
    await page.keyboard.type(presence.slice(0, 3));
    found = (await focused(page)).name === presence;
  }
  await becomes("letters find the line", async () => (await focused(page)).name, presence);
  check("and it is seen", (await focused(page)).seen);
  await page.keyboard.press("Enter");
  await eventually(presence, () => page.getByRole("button", { name: new RegExp(`, ${presence}: presence`) }).count());
}

/** Takes the choosers that a page opens from its beginning on: the driver has to be asked for them before. */
function chooses(page) {
  page.choosers = [];
  page.on("filechooser", (chooser) => page.choosers.push(chooser));
}

/** Opens the chooser by a key on its button. What stands in it is the platform's own dialog; a file is picked there. */
async function attach(page, button, key, file, back) {
  await reach(page, button, back);
  await page.keyboard.press(key);
  await eventually("the chooser opens", async () => {
    if (page.choosers.length) return true;
    throw new Error(`the focus is at "${(await focused(page)).name}"`);
  });
  const chooser = page.choosers.pop();
  check("it takes several files", chooser.isMultiple());
  await chooser.setFiles(file);
}

/** A visitor who opens the chat by keys and asks for a person. */
async function visitor(browser) {
  const page = await (await browser.newContext({ viewport: { width: 900, height: 760 } })).newPage();
  chooses(page);
  page.faults = watch(page);
  await host(page, given.base, { script: listening });
  await page.locator("parley-chat button").waitFor();
  await press(page, /^Open chat/);
  await eventually("the bot greets", async () => (await bubbles(page)).length === 1);
  await eventually("the message has the focus", async () => (await focused(page)).name === "Write a message");
  return page;
}

/** Opens the one conversation that a tab of the list has. */
async function open(page, tab) {
  await press(page, new RegExp(`^${tab}`), "Shift+Tab");
  await eventually(`one conversation in ${tab}`, async () => (await page.locator(".rows a.row").count()) === 1);
  await press(page, /Visitor/);
}

/** Both agents press Claim at once: one has it, the other is told who. */
async function race(browser, ann, bob) {
  for (const page of [ann, bob]) await setPresence(page, "Busy"); // nothing is assigned to those who are busy
  const cleo = await visitor(browser);
  await type(cleo, "I need a human");
  await eventually("a person is asked for", async () => (await remarks(cleo)).length > 0);
  await shot(cleo, "visitor-of-the-race");
  for (const page of [ann, bob]) {
    await open(page, "Unassigned");
    await eventually("both may claim", () => page.getByRole("button", { name: "Claim", exact: true }).isEnabled());
    await reach(page, /^Claim$/);
  }
  const free = await together([ann, bob], "**/claim");
  await Promise.all([ann, bob].map((page) => page.keyboard.press("Enter")));
  const mine = async (page) => (await owner(page)).includes("You have this conversation");
  await eventually("one has it", async () => (await mine(ann)) !== (await mine(bob)));
  const [winner, loser, won] = (await mine(ann)) ? [ann, bob, "Ann"] : [bob, ann, "Bob"];
  await eventually("the other is told who", () => loser.getByRole("alert").filter({ hasText: `${won} was faster and has this conversation now.` }).count());
  await eventually("and sees it", async () => (await owner(loser)).includes(`${won} has this conversation`));
  await eventually("the visitor hears of one", async () => (await remarks(cleo)).filter((r) => r.endsWith("joined the conversation.")).length === 1);
  await shot(loser, "race-lost-by-keys");
  await free();
  await winner.keyboard.press("Alt+KeyE");
  await eventually("the winner resolves it", async () => (await owner(winner)).includes("Resolved"));
  same("faults", cleo.faults, []);
}

/** Chooses in a dialog that narrows by typing: the text keeps the focus and names the line that is chosen. */
async function pick(page, text, option) {
  await page.keyboard.type(text);
  const active = () => page.evaluate(() => document.getElementById(document.activeElement.getAttribute("aria-activedescendant"))?.innerText.trim() ?? "");
  await eventually(`only ${option} is left to choose`, async () => (await page.getByRole("option").allInnerTexts()).every((o) => o.toLowerCase().includes(text.toLowerCase())));
  let at = "";
  for (let i = 0; i < 5 && !option.test(at); i++) {
    await page.keyboard.press(i === 0 ? "Home" : "ArrowDown"); // Home: the first line, whatever typing has chosen
    const before = at;
    await eventually("a line is chosen", async () => (at = await active()) !== before);
  }
  check(`${option} is chosen`, option.test(at), at);
  await page.keyboard.press("Enter");
  await eventually("the dialog is gone", async () => (await page.getByPlaceholder("Type to narrow").count()) === 0 || (await page.getByPlaceholder("Type to narrow").inputValue()) === "");
}

async function main(browser) {
  const ann = await arrive(browser, given.link, "Ann", "ann@desk.example");
  const invited = await ask(ann, "POST", "/agents", { email: "bob@desk.example", name: "Bob", role: "agent", departments: [], capacity: 5 });
  const bob = await arrive(browser, invited.invitation_url, "Bob");
  await ask(ann, "POST", "/canned-replies", { shortcut: "hello", text: "Hello, {{agent.name}} is here.", shared: true });

  const ada = await visitor(browser);
  await type(ada, "I need a human");
  await eventually("nobody is there", async () => (await remarks(ada)).some((r) => r.startsWith("Nobody is available")));
  await shot(ada, "visitor-by-keys");

  await setPresence(ann, "Online");
  await eventually("the conversation is given", async () => (await remarks(ada)).includes("Ann joined the conversation."));
  await press(ann, /Visitor/);
  await eventually("the thread is open", async () => (await lines(ann)).includes("user: I need a human"));
  await ann.keyboard.press("Alt+KeyL");
  await eventually("a key leads to the answer", async () => (await focused(ann)).name === "Reply");
  await ann.keyboard.type("/hel");
  await eventually("the canned reply is suggested", () => ann.getByRole("option", { name: /Hello, Ann is here/ }).count());
  await ann.keyboard.press("Enter");
  await ann.keyboard.press("Enter");
  await eventually("the visitor reads it", async () => (await bubbles(ada)).includes("agent: Hello, Ann is here."));
  await ann.keyboard.press("Alt+KeyP");
  await eventually("a key leads to the note", async () => (await focused(ann)).name === "Private note");
  await type(ann, "for us only");
  await eventually("the note is there", async () => (await lines(ann)).includes("note: for us only"));
  await ann.keyboard.press("Alt+KeyL");
  await eventually("a key leads back to the answer", async () => (await focused(ann)).name === "Reply");
  await attach(ann, /^Attach files/, "Enter", { name: "invoice.txt", mimeType: "text/plain", buffer: Buffer.from("Invoice 7") });
  await eventually("the file is up", async () => (await ann.locator(".attached li").innerText()).trim() === "invoice.txt");
  await press(ann, /^Send$/);
  await eventually("the visitor has the file", () => chatOf(ada).locator(".message.agent a.file").count());
  await attach(ada, /^Attach a file/, "Space", { name: "order.txt", mimeType: "text/plain", buffer: Buffer.from("Order 7") }, "Shift+Tab");
  await eventually("Ann has the file", async () => (await lines(ann)).some((l) => l.startsWith("user: order.txt")));
  await shot(ann, "desk-by-keys");

  await race(browser, ann, bob);
  await open(ann, "Mine");
  await press(ann, /^Transfer$/);
  await eventually("Bob can be chosen", () => ann.getByRole("option", { name: "Bob" }).count());
  await pick(ann, "Bob", /^Bob/);
  await eventually("Bob joined", async () => (await remarks(ada)).includes("Bob joined the conversation."));
  await open(bob, "Mine");
  await eventually("Bob has it", async () => (await owner(bob)).includes("You have this conversation"));

  await bob.keyboard.press("Control+KeyK");
  await eventually("the menu of commands", () => bob.getByRole("dialog").count());
  await pick(bob, "return to", /^Return to bot/);
  await eventually("the states of the bot", () => bob.getByRole("option", { name: "/WhoAmI/Ask", exact: true }).count());
  await pick(bob, "whoami/ask", /^\/WhoAmI\/Ask$/);
  await eventually("the bot has it", async () => (await remarks(ada)).includes("The assistant is answering again."));
  await reach(ada, /^Write a message/);
  await type(ada, "Grace");
  await eventually("the bot goes on where it was told to", async () => (await bubbles(ada)).at(-1)?.includes("Nice to meet you, Grace"));

  await bob.keyboard.press("Alt+KeyE");
  await eventually("a key resolves", async () => (await remarks(ada)).includes("The conversation was closed."));
  await eventually("a survey is asked", () => chatOf(ada).getByText("How was this conversation?").count());
  await reach(ada, /star(s)? of 5/, "Shift+Tab");
  await ada.keyboard.press("Space");
  await ada.keyboard.press("ArrowRight");
  await reach(ada, /^Anything to add/);
  await ada.keyboard.type("quick");
  await shot(ada, "survey-by-keys");
  await press(ada, /^Submit$/);
  await eventually("the desk sees the rating", async () => (await events(bob)).some((e) => /The client rated the conversation \d of 5. quick/.test(e)));
  await press(ada, /^Reopen conversation$/, "Shift+Tab");
  await eventually("it is open again", async () => (await remarks(ada)).includes("The conversation was reopened."));
  await eventually("the desk shows it", async () => !(await owner(bob)).includes("Resolved"));
  for (const page of [ada, ann, bob]) same("faults", page.faults, []);
}

await run({ main });
