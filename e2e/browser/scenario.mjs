// The whole product at once: a visitor on a page with the widget, two agents at the desk; also while their lines are cut.
import { act, area, arrive, ask, choose, events, insist, invite, lines, open, owner, rowOf, setPresence, tab, together, write } from "./agent.mjs";
import { becomes, check, eventually, given, run, same, shot, typing, watch } from "./chromium.mjs";
import { cuts, hangUp, line, more, pause, random, settle } from "./cuts.mjs";
import { bubbles, chatOf, host, launcherOf, listening, messages, remarks, say, told, writing } from "./visitor.mjs";

const human = "I need a human";
const noLine = (place) => () => place.getByRole("status").filter({ hasText: "No connection" }).count();
/** What a browser writes about a line that breaks; 400 is the answer to who polls for a connection that is no more. */
const lineBroke = (text, url) => cuts > 0 && (/net::ERR_|WebSocket connection/.test(text) || (/400 \(Bad Request\)/.test(text) && /\/ws\/?\?.*sid=/.test(url)));
const lostRace = (text, url) => /409 \(Conflict\)/.test(text) || lineBroke(text, url);

/** A visitor on a page of a customer, with a name that the bot has asked for. */
async function visitor(browser, name) {
  const page = await (await browser.newContext({ viewport: { width: 900, height: 760 }, colorScheme: "light" })).newPage();
  page.faults = watch(page, lineBroke);
  page.line = await line(name);
  await host(page, page.line.base, { script: listening });
  await launcherOf(page).click();
  await writing(page).waitFor();
  page.line.fray(noLine(chatOf(page)));
  await eventually(`the bot greets ${name}`, async () => (await bubbles(page))[0]?.includes("I am the demo bot of Parley"));
  await chatOf(page).getByRole("button", { name: "Who am I?" }).click();
  await eventually("the bot asks for the name", async () => (await bubbles(page)).at(-1)?.includes("What is your name?"));
  await say(page, name);
  await eventually("the bot knows the name", async () => (await bubbles(page)).at(-1)?.includes(`Nice to meet you, ${name}`));
  page.session = (await told(page, "sessionCreated"))[0].session_id;
  return page;
}

/** Measures on the page itself how long after a click something is shown. */
const stopwatch = (page, selector, text) => page.evaluate(([what, words]) => {
  let clicked = 0;
  window.addEventListener("pointerup", () => (clicked = performance.now()), true);
  window.took = new Promise((done) => {
    const look = () => [...document.querySelectorAll(what)].some((e) => e.textContent.includes(words)) && clicked && (watching.disconnect(), done(performance.now() - clicked));
    const watching = new MutationObserver(look);
    watching.observe(document.body, { childList: true, subtree: true, characterData: true });
  });
}, [selector, text]);

/** Both sides write numbered messages at once. When it ends the server has them all: none may come to whoever is spoken to next. */
async function talk(visitor, agent, name) {
  const written = [];
  const speak = async (how, author, who) => {
    for (let i = 1; i <= (cuts ? 12 : 3); i++) {
      await how(`${who} ${i}`);
      written.push(`${author}: ${who} ${i}`);
      await pause(random() * (cuts ? 500 : 50));
    }
  };
  await Promise.all([speak((text) => say(visitor, text), "user", `Ada to ${name}`), speak((text) => write(agent, text), "agent", name)]);
  await eventually(`the server has what was written to and by ${name}`, async () => {
    const kept = await transcript(visitor.session);
    return written.every((text) => kept.includes(text));
  });
}

/** The beginning of each message of a session as the server keeps it, oldest first; what the desk alone sees is left out. */
async function transcript(session) {
  const answer = await fetch(`${given.base}/api/v1/integrations/${given.integration}/sessions/${session}/messages?limit=200`, { headers: { Authorization: `apikey ${given.key}` } });
  return (await answer.json()).messages.map(({ author, input, output }) => `${author}: ${author === "bot" ? output.responses[0].text : input.text || input.attachments[0].filename}`);
}

/** The visitor, both desks and the transcript have each message once, in the same order. */
async function sameEverywhere(ada, ann, bob) {
  const begin = (all) => all.map((text) => text.split("\n")[0].replace(/ \d+ bytes$/, "")); // that is how a file is shown
  const kept = begin(await transcript(ada.session)).slice(1); // the first is what starts the bot
  for (const desk of [ann, bob]) await eventually("the desk has the end", async () => begin(await lines(desk)).at(-1) === kept.at(-1));
  same("no message is there twice", kept.filter((text, i) => /\d$/.test(text) && kept.indexOf(text) !== i), []);
  for (const who of ["user: Ada to Ann", "agent: Ann", "user: Ada to Bob", "agent: Bob"]) {
    const numbers = kept.map((text) => new RegExp(`^${who} (\\d+)$`).exec(text)?.[1]).filter(Boolean).map(Number);
    same(`what was written is kept, in order: ${who}`, numbers, Array.from({ length: cuts ? 12 : 3 }, (_, i) => i + 1));
  }
  await becomes("the visitor sees what is kept", async () => begin(await messages(ada)), kept);
  const shown = (all) => all.filter((text) => !text.startsWith("note: "));
  await becomes("Ann sees what is kept", async () => shown(begin(await lines(ann))), kept);
  await becomes("Bob sees what is kept", async () => shown(begin(await lines(bob))), kept);
  const notes = async (desk) => (await lines(desk)).filter((text) => text.startsWith("note: @Bob")).length;
  await becomes("one note, at both desks", () => Promise.all([ann, bob].map(notes)), [1, 1]);
}

async function product(browser) {
  const [anns, bobs] = [await line("Ann"), await line("Bob")];
  const ann = await arrive(browser, anns.through(given.link), { name: "Ann", email: "ann@desk.example" }, { allowed: lostRace });
  const bob = await arrive(browser, bobs.through(await invite(ann, "bob@desk.example", "Bob", "agent")), { name: "Bob" }, { allowed: lostRace });
  await ask(ann, "POST", "/canned-replies", { shortcut: "hello", text: "Hello {{client.name}}, {{agent.name}} is here for you.", shared: true });
  await shot(ann, "desk-empty");
  await Promise.all([ann, bob].map((page) => page.waitForLoadState("networkidle")));
  anns.fray(noLine(ann));
  bobs.fray(noLine(bob));
  const ada = await visitor(browser, "Ada");
  await shot(ada, "visitor-bot-answers");

  await nobodyThere(ada, ann);
  await comesOnline(ada, ann);
  await typesBothWays(ada, ann);
  await race(browser, ann, bob);
  await notesAndCanned(ada, ann, bob);
  await files(ada, ann);
  await transfers(ada, ann, bob);
  await returns(ada, bob);
  await resolves(ada, bob);
  await reopens(ada, bob);

  await settle();
  await sameEverywhere(ada, ann, bob);
  await shot(ada, "visitor-at-the-end");
  await shot(ann, "desk-ann-at-the-end");
  await shot(bob, "desk-bob-at-the-end");
  for (const page of [ada, ann, bob]) same("faults", page.faults, []);
  hangUp();
}

async function nobodyThere(ada, ann) {
  await say(ada, human);
  await eventually("the bot passes on", async () => (await bubbles(ada)).some((b) => b.includes("I am passing you on to a human.")));
  await eventually("the visitor is told that nobody is there", async () => (await remarks(ada)).some((r) => r.startsWith("Nobody is available right now")));
  await shot(ada, "visitor-nobody-online");
  await tab(ann, "Unassigned").click();
  await eventually("the desk shows who waits", async () => (await rowOf(ann, "Ada").innerText()).includes("In queue"));
  await shot(ann, "desk-ada-waits");
}

/** Ann comes online and is given who waits; says after how many milliseconds her list shows it. */
async function comes(ann, name) {
  await stopwatch(ann, ".rows a.row", name);
  await setPresence(ann, "Online");
  await eventually(`Ann has the conversation of ${name}`, () => rowOf(ann, name).count());
  const took = await ann.evaluate(() => window.took);
  console.log(`an agent who comes online sees the conversation after ${Math.round(took)} ms`);
  return took;
}

/** The same with somebody else, who goes again: the promise is the server's and the page's, not that of a machine that does much else. */
async function again(ann, name) {
  const sessions = `${given.base}/v1/custom/${given.integration}/sessions`;
  const post = async (path, body) => (await fetch(sessions + path, { method: "POST", headers: { Authorization: `apikey ${given.key}`, "Content-Type": "application/json" }, body: JSON.stringify(body) })).json();
  await setPresence(ann, "Busy"); // nothing is assigned to those who are busy
  const { session_id: session } = await post("", { context: { user: { display_name: name } } });
  await post(`/${session}/messages`, { input: { text: human } });
  const waits = async () => (await ask(ann, "GET", "/threads?tab=unassigned")).threads.find((thread) => thread.name === name);
  await eventually(`${name} waits`, waits);
  const thread = (await waits()).id;
  const took = await comes(ann, name);
  await ask(ann, "POST", `/threads/${thread}/resolve`);
  await eventually(`${name} is gone`, async () => (await rowOf(ann, name).count()) === 0);
  return took;
}

async function comesOnline(ada, ann) {
  await tab(ann, "Mine").click();
  await eventually("nothing is Ann's", () => ann.getByText("No conversations here.").count());
  let took = await comes(ann, "Ada");
  for (let i = 1; !cuts && took >= 1000 && i < 8; i++) took = Math.min(took, await again(ann, `Caller ${i}`));
  if (!cuts) check("within a second", took < 1000, `${took} ms at best`);
  await eventually("the visitor hears who joined", async () => (await remarks(ada)).includes("Ann joined the conversation."));
  await shot(ann, "desk-ann-online");
  await open(ann, "Mine", "Ada");
  await eventually("the thread shows the talk with the bot", async () => (await lines(ann)).some((l) => l === `user: ${human}`));
  await becomes("whose it is", async () => (await owner(ann)).trim().split("\n")[0], "You have this conversation");
  await shot(ann, "desk-thread");
}

async function typesBothWays(ada, ann) {
  await typing(area(ann), "Hi", "the visitor sees Ann typing", () => chatOf(ada).getByText("Ann is typing…").count());
  await typing(writing(ada), "A question", "Ann sees Ada typing", () => ann.getByText("Ada is typing").count());
  await shot(ada, "visitor-ann-types");
  await shot(ann, "desk-ada-types");
  await write(ann, "Hi, what can I do for you?");
  await eventually("the answer is there", async () => (await bubbles(ada)).includes("agent: Hi, what can I do for you?"));
  await say(ada, "Where is my order?");
  await eventually("so is the question", async () => (await lines(ann)).includes("user: Where is my order?"));
  await eventually("Ann learns that it was read", () => ann.locator(".receipt-read").count());
  await talk(ada, ann, "Ann");
}

/** Both agents claim at once: one has it, the other is told who. */
async function race(browser, ann, bob) {
  await setPresence(ann, "Busy"); // nothing is assigned to those who are busy
  await setPresence(bob, "Busy");
  const cleo = await visitor(browser, "Cleo");
  await say(cleo, human);
  for (const page of [ann, bob]) {
    await open(page, "Unassigned", "Cleo");
    await eventually("both may claim", () => act(page, "Claim").isEnabled());
  }
  const free = await together([ann, bob], "**/claim");
  const known = (page) => async () => /(You have|Ann has|Bob has) this conversation/.test(await owner(page));
  await Promise.all([ann, bob].map((page) => insist(page, "it is known who has it", () => act(page, "Claim").click(), known(page))));
  same("one has it", (await Promise.all([owner(ann), owner(bob)])).filter((o) => o.includes("You have this conversation")).length, 1);
  const annWon = /You have this/.test(await owner(ann));
  const [winner, loser, won] = annWon ? [ann, bob, "Ann"] : [bob, ann, "Bob"];
  if (!cuts) await eventually("the other is told who", () => loser.getByRole("alert").filter({ hasText: `${won} was faster and has this conversation now.` }).count());
  await eventually("and sees it", async () => (await owner(loser)).includes(`${won} has this conversation`));
  same("the winner is told nothing", await winner.getByRole("alert").filter({ hasText: "faster" }).count(), 0);
  await eventually("the visitor hears of one", async () => (await remarks(cleo)).filter((r) => r.endsWith("joined the conversation.")).length === 1);
  await shot(winner, "desk-race-winner");
  await shot(loser, "desk-race-loser");
  await free();
  for (const page of [ann, bob]) await setPresence(page, "Online");
  await winner.bringToFront();
  await insist(winner, "the winner resolves it", () => act(winner, "Resolve").click(), async () => (await owner(winner)).includes("Resolved"));
  await eventually("and the visitor is told", async () => (await remarks(cleo)).filter((r) => r === "The conversation was closed.").length === 1);
  cleo.line.mend();
  same("faults", cleo.faults, []);
}

async function notesAndCanned(ada, ann, bob) {
  await open(ann, "Mine", "Ada");
  await ann.getByRole("button", { name: "Private note" }).click();
  await area(ann).pressSequentially("@Bo");
  await eventually("colleagues are suggested", () => ann.getByRole("option", { name: "Bob" }).count());
  await shot(ann, "desk-mention");
  await area(ann).press("Enter");
  await area(ann).pressSequentially(" please look at the order");
  await area(ann).press("Enter");
  await eventually("the note is there", async () => (await lines(ann)).some((l) => l.startsWith("note: @Bob") && l.endsWith("please look at the order")));
  await open(bob, "All", "Ada");
  await eventually("Bob reads it", async () => (await lines(bob)).some((l) => l.startsWith("note: @Bob")));
  await eventually("Ann sees that Bob is there", () => ann.locator(".viewing", { hasText: "Bob" }).count());
  await shot(bob, "desk-note-of-ann");

  await ann.getByRole("button", { name: "Reply", exact: true }).click();
  await area(ann).pressSequentially("/hel");
  await eventually("the canned reply is filled in", () => ann.getByRole("option", { name: "Hello Ada, Ann is here for you." }).count());
  await shot(ann, "desk-canned");
  await area(ann).press("Enter");
  await becomes("it is put into the message", () => area(ann).inputValue(), "Hello Ada, Ann is here for you.");
  await area(ann).press("Enter");
  await eventually("the visitor reads it", async () => (await bubbles(ada)).includes("agent: Hello Ada, Ann is here for you."));
  same("and not the note", (await bubbles(ada)).filter((b) => b.includes("look at the order")), []);
  await shot(ada, "visitor-canned");
}

async function files(ada, ann) {
  const picture = await ada.screenshot({ clip: { x: 0, y: 0, width: 240, height: 120 } });
  const image = { name: "order.png", mimeType: "image/png", buffer: picture };
  const seen = (pictures) => pictures.last().evaluate((i) => i.complete && i.naturalWidth === 240);
  const holds = (link) => link.last().evaluate(async (a) => (await fetch(a.href)).text());
  await chatOf(ada).locator("input[type=file]").setInputFiles([image]);
  await eventually("Ann sees the picture", () => seen(ann.locator(".message.from-user img")));
  await chatOf(ada).locator("input[type=file]").setInputFiles([{ name: "order.txt", mimeType: "text/plain", buffer: Buffer.from("Order 7") }]);
  await eventually("Ann has the file", async () => (await holds(ann.locator(".message.from-user a.file"))) === "Order 7");
  const choosing = ann.waitForEvent("filechooser");
  await ann.getByRole("button", { name: "Attach files" }).click();
  await (await choosing).setFiles([{ name: "invoice.txt", mimeType: "text/plain", buffer: Buffer.from("Invoice 7") }, image]);
  await eventually("the files are up", async () => (await ann.locator(".attached li").allInnerTexts()).map((text) => text.trim()).join() === "invoice.txt,order.png");
  await write(ann, "Your invoice");
  await eventually("the visitor has the file", async () => (await holds(chatOf(ada).locator(".message.agent a.file"))) === "Invoice 7");
  await eventually("and the picture", () => seen(chatOf(ada).locator(".message.agent img")));
  await shot(ada, "visitor-files");
  await shot(ann, "desk-files");
}

async function transfers(ada, ann, bob) {
  await insist(ann, "Ann sees that Bob has it", () => choose(ann, "Transfer", /^Bob/, () => shot(ann, "desk-transfer")), async () => (await owner(ann)).includes("Bob has this conversation"));
  await eventually("Bob has it", async () => (await owner(bob)).includes("You have this conversation"));
  await eventually("the thread says so", async () => (await events(bob)).some((e) => e.startsWith("Ann transferred the conversation to Bob")));
  await eventually("the visitor hears of it", async () => (await remarks(ada)).includes("Bob joined the conversation."));
  await write(bob, "Bob here, I found it.");
  await eventually("and is answered", async () => (await bubbles(ada)).includes("agent: Bob here, I found it."));
  await talk(ada, bob, "Bob");
  await shot(bob, "desk-transferred");
  await shot(ada, "visitor-transferred");
}

async function returns(ada, bob) {
  const narrow = async () => {
    await bob.getByPlaceholder("Type to narrow").fill("whoami/a");
    await shot(bob, "desk-return");
  };
  await insist(bob, "the bot has it", () => choose(bob, "Return to bot", "/WhoAmI/Ask", narrow), async () => (await owner(bob)).includes("answers"));
  await eventually("the visitor is told", async () => (await remarks(ada)).includes("The assistant is answering again."));
  await say(ada, "Grace");
  await becomes("the bot goes on where it was told to", async () => (await bubbles(ada)).slice(-2), ["user: Grace", "bot: Nice to meet you, Grace. Your name is in the session's context now."]);
  await eventually("the desk knows the new name", () => rowOf(bob, "Grace").count());
  await shot(ada, "visitor-bot-again");
  await shot(bob, "desk-returned");
}

async function resolves(ada, bob) {
  await insist(bob, "Bob resolves it", () => act(bob, "Resolve").click(), async () => (await owner(bob)).includes("Resolved"));
  await eventually("the visitor is told of the end", async () => (await remarks(ada)).includes("The conversation was closed."));
  await shot(bob, "desk-resolved");
  await chatOf(ada).getByRole("radio", { name: "5 stars of 5" }).check({ force: true });
  await chatOf(ada).getByLabel("Anything to add?").fill("quick and kind");
  await shot(ada, "visitor-survey");
  await chatOf(ada).getByRole("button", { name: "Submit" }).click();
  await eventually("thanks", () => chatOf(ada).getByText("Thank you for your rating.").count());
  await eventually("the desk sees the rating", async () => (await events(bob)).some((e) => e.startsWith("The client rated the conversation 5 of 5. quick and kind")));
  await shot(bob, "desk-rated");
}

async function reopens(ada, bob) {
  await chatOf(ada).getByRole("button", { name: "Reopen conversation" }).click();
  await eventually("the visitor is told", async () => (await remarks(ada)).includes("The conversation was reopened."));
  await eventually("the desk shows it", async () => !(await owner(bob)).includes("Resolved"));
  await say(ada, "One more thing");
  for (let i = 2; more(); i++) {
    await say(ada, `thing ${i}`);
    await eventually(`the bot hears thing ${i}`, async () => (await bubbles(ada)).at(-1).includes(`thing ${i}`) && (await bubbles(ada)).at(-1).startsWith("bot:"));
  }
  await eventually("the talk goes on", async () => (await lines(bob)).includes("user: One more thing"));
  await eventually("with the bot", async () => (await bubbles(ada)).at(-1).startsWith("bot:"));
  await shot(ada, "visitor-reopened");
  await shot(bob, "desk-reopened");
}

await run({ product });
