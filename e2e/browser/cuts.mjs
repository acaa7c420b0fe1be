// Lines of a visitor and of agents are cut at random while they talk, and nothing is lost, doubled or moved.
import { act, arrive, invite, lines, owner, rowOf, setPresence, tab, write } from "./agent.mjs";
import { check, eventually, given, run, same, shot, wire } from "./chromium.mjs";
import { bubbles, chatOf, host, launcherOf, listening, remarks, say, told } from "./visitor.mjs";

let seed = 11;
const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
const pause = (ms) => new Promise((go) => setTimeout(go, ms));
const messages = 30; // of each person in each part of the talk

/** Cuts lines that carry something, one at a time, until as many cuts are done; every eighth line stays dead until its page says so. */
async function cutter(sides, cuts) {
  const done = Object.fromEntries(sides.map(({ name }) => [name, 0]));
  for (let i = 1; i <= cuts; i++) {
    const side = sides[Math.floor(random() * sides.length)];
    const end = Date.now() + 15_000;
    while (!side.line.busy() && Date.now() < end) await pause(10);
    if (!side.line.busy()) return check(`cut ${i}: the line of ${side.name} is back`, false);
    await pause(random() * 200);
    if (i % 8 === 0) side.line.setDown(true);
    side.line.cut();
    done[side.name]++;
    if (i % 8 !== 0) continue;
    await eventually(`cut ${i}: ${side.name} is told`, side.toldOffline);
    side.line.setDown(false);
  }
  console.log(`cuts: ${JSON.stringify(done)}`);
  same("cuts", Object.values(done).reduce((a, b) => a + b), cuts);
}

async function talk(name, how) {
  for (let i = 1; i <= messages; i++) {
    await how(`${name} ${i}`);
    await pause(random() * 300);
  }
}

/** Does something again, as a person would who sees that it did not work, until it has. */
async function insist(what, doing, holds) {
  const end = Date.now() + 30_000;
  while (Date.now() < end && !(await holds())) {
    await doing().catch(() => {});
    for (let i = 0; i < 40 && !(await holds()); i++) await pause(50);
  }
  check(what, await holds());
}

async function choose(page, action, option) {
  await page.keyboard.press("Escape"); // a dialog that the last try left open
  await act(page, action).click({ timeout: 2000 });
  await page.getByRole("option", { name: option }).first().click({ timeout: 2000 });
}

async function transcript(session) {
  const answer = await fetch(`${given.base}/api/v1/integrations/${given.integration}/sessions/${session}/messages?limit=200`, { headers: { Authorization: `apikey ${given.key}` } });
  return (await answer.json()).messages.map((m) => `${m.author}: ${m.author === "bot" ? m.output.responses[0].text : m.input.text}`);
}

async function whole(browser) {
  const wires = [await wire(given.base), await wire(given.base), await wire(given.base)];
  const [adas, anns, bobs] = wires;
  const through = (line, link) => line.base + new URL(link).pathname;
  const offline = () => true;
  const ann = await arrive(browser, through(anns, given.link), { name: "Ann", email: "ann@desk.example" }, { allowed: offline });
  const bob = await arrive(browser, through(bobs, await invite(ann, "bob@desk.example", "Bob", "agent")), { name: "Bob" }, { allowed: offline });
  const ada = await (await browser.newContext({ viewport: { width: 900, height: 760 } })).newPage();
  await host(ada, adas.base, { script: listening });
  await launcherOf(ada).click();
  await eventually("the bot greets", async () => (await bubbles(ada)).length === 1);
  await setPresence(ann, "Online");
  await say(ada, "I need a human");
  await eventually("Ann joined", async () => (await remarks(ada)).includes("Ann joined the conversation."));
  const session = (await told(ada, "sessionCreated"))[0].session_id;
  for (const page of [ann, bob]) {
    await tab(page, "All").click();
    await rowOf(page, "Visitor").click();
    await eventually("the thread is open", async () => (await lines(page)).includes("user: I need a human"));
  }

  const noLine = (page) => () => page.getByRole("status").filter({ hasText: "No connection" }).count();
  const cutting = cutter([
    { name: "the visitor", line: adas, toldOffline: () => chatOf(ada).getByRole("status").filter({ hasText: "No connection" }).count() },
    { name: "Ann", line: anns, toldOffline: noLine(ann) },
    { name: "Bob", line: bobs, toldOffline: noLine(bob) },
  ], 50);
  await Promise.all([talk("Ada to Ann", (text) => say(ada, text)), talk("Ann", (text) => write(ann, text))]);
  await insist("Ann transfers to Bob", () => choose(ann, "Transfer", "Bob"), async () => (await owner(ann)).includes("Bob has"));
  await eventually("Bob knows", async () => (await owner(bob)).includes("You have"), 30_000);
  await Promise.all([talk("Ada to Bob", (text) => say(ada, text)), talk("Bob", (text) => write(bob, text))]);
  await cutting;
  await eventually("what Bob wrote is with the server", async () => (await transcript(session)).includes(`agent: Bob ${messages}`), 30_000);
  await insist("Bob returns to the bot", () => choose(bob, "Return to bot", "/Start"), async () => (await owner(bob)).includes("answers"));
  await say(ada, "the last words");
  const last = /the last words/;
  await eventually("the bot answers", async () => { const all = await bubbles(ada); return all.at(-1)?.startsWith("bot:") && last.test(all.at(-1)); }, 30_000);

  const kept = await transcript(session);
  const from = (all) => all.slice(all.indexOf("user: I need a human")).map((l) => l.split("\n")[0]); // without the buttons below
  const want = from(kept);
  for (const [who, count] of [["user: Ada to Ann", messages], ["agent: Ann", messages], ["user: Ada to Bob", messages], ["agent: Bob", messages]]) {
    same(`the server has what was written, once and in order: ${who}`, want.filter((l) => l.startsWith(`${who} `)), Array.from({ length: count }, (_, i) => `${who} ${i + 1}`));
  }
  for (const page of [ann, bob]) await eventually("the desk has the end", async () => last.test((await lines(page)).at(-1)), 30_000);
  same("the visitor sees what is kept", from(await bubbles(ada)), want);
  same("Ann sees what is kept", from(await lines(ann)), want);
  same("Bob sees what is kept", from(await lines(bob)), want);
  await shot(ada, "visitor-after-50-cuts");
  await shot(ann, "desk-after-50-cuts");
  for (const one of wires) one.close();
}

await run({ whole });
