// What people at the desk do, as the visitor sees it.
import { act, area, arrive, rowOf, write } from "./agent.mjs";
import { check, eventually, given, run, same, shot, typing, watch } from "./chromium.mjs";
import { bubbles, chatOf, launcherOf, remarks, say } from "./visitor.mjs";

async function seen(browser) {
  const ann = await arrive(browser, given.link, { name: "Ann", email: "ann@example.com" });

  const page = await browser.newPage({ viewport: { width: 1100, height: 800 }, colorScheme: "light" });
  const faults = watch(page);
  await page.goto(`${given.base}/demo`);
  await page.evaluate(() => window.Parley("on", "sessionCreated", (e) => (window.session = e.session_id)));
  await launcherOf(page).click();
  await eventually("the bot greets", async () => (await bubbles(page)).length);
  const session = await page.evaluate(() => window.session);
  const handover = await fetch(`${given.base}/v1/custom/${given.integration}/sessions/${session}/handover`, {
    method: "POST", headers: { Authorization: `apikey ${given.key}`, "Content-Type": "application/json" },
  });
  check("a handover over REST", handover.ok, `${handover.status}`);
  await eventually("the visitor is told that nobody is there", async () => (await remarks(page)).some((r) => r.includes("Nobody is available right now")));
  await say(page, "Is anybody there?");
  await shot(page, "nobody");

  await rowOf(ann, "Visitor").first().click();
  await eventually("the trigger is a quiet line", async () => (await ann.locator(".system-line").allInnerTexts()).some((l) => l.includes("opened the chat")));
  await act(ann, "Claim").click();
  await eventually("somebody is there", async () => (await remarks(page)).some((r) => r.includes("Ann")));
  await ann.bringToFront();
  await say(page, "Good.");
  await ann.bringToFront();
  await eventually("what the visitor said was read", () => chatOf(page).locator(".message.user .read").count());
  await typing(area(ann), "Let me see", "the agent's typing is seen", async () => (await chatOf(page).locator(".typing").innerText()).includes("Ann"));
  await shot(page, "typing");
  await write(ann, "Here I am.");
  await eventually("and gone with the answer", async () => (await bubbles(page)).includes("agent: Here I am.") && !(await chatOf(page).locator(".typing").innerText()));

  await act(ann, "Resolve").click();
  await eventually("reopening is offered", () => chatOf(page).getByRole("button", { name: "Reopen conversation" }).count());
  await page.reload();
  await launcherOf(page).click();
  await eventually("after a reload too", () => chatOf(page).getByRole("button", { name: "Reopen conversation" }).count());
  check("with what was said", (await bubbles(page)).includes("agent: Here I am."));
  check("and that it was read", await chatOf(page).locator(".message.user .read").count());
  await shot(page, "reloaded");
  same("no faults", [...faults, ...ann.faults], []);
}

/** The lines break over a receipt of either side: it is told again when they are back, without another message. */
async function receipts(browser) {
  const ann = await arrive(browser, given.link, { name: "Ann", email: "ann@example.com" }, { allowed: (text) => /net::ERR_FAILED/.test(text) });
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
  const lost = { visitor: 0, agent: 0 };
  await page.routeWebSocket(/\/ws\/?\?/, (near) => {
    const far = near.connectToServer();
    near.onMessage((frame) => {
      if (lost.visitor || !String(frame).includes('"message:read"')) return far.send(frame);
      lost.visitor++;
      void far.close();
      void near.close({ code: 3000 });
    });
  });
  await ann.route("**/threads/*/read", (route) => (lost.agent++ ? route.continue() : route.abort()));
  await page.goto(`${given.base}/demo`);
  await launcherOf(page).click();
  await eventually("the bot greets", async () => (await bubbles(page)).length);
  await say(page, "I need a human");
  await rowOf(ann, "Visitor").first().click();
  await act(ann, "Claim").click();
  await write(ann, "Here I am.");
  await eventually("the visitor sees it", async () => (await bubbles(page)).includes("agent: Here I am."));
  await eventually("the agent learns that it was read", () => ann.locator(".receipt-read").count());
  check("though the first receipt was lost", lost.visitor === 1);
  await ann.bringToFront();
  await say(page, "Good.");
  await eventually("the visitor learns that it was read", () => chatOf(page).locator(".message.user .read").count());
  check("though the first request was lost", lost.agent > 1, `${lost.agent}`);
}

await run({ receipts, seen });
