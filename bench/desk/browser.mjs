// A Chromium at the desk, for the bench: reads one order a line, answers one line of JSON.
import { createInterface } from "node:readline";
import { chromium } from "../../e2e/browser/node_modules/playwright-core/index.mjs";

const given = JSON.parse(process.env.GIVEN);
const patience = 30_000;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const answer = (what) => console.log(JSON.stringify(what));

/** A window of somebody who is signed in, with nothing in its cache. */
async function enter() {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addCookies([{ name: given.name, value: given.cookie, domain: new URL(given.base).hostname, path: "/desk" }]);
  return context.newPage();
}

/** Runs in the page: notes when the first rows of the list are on the screen. */
function noteRows() {
  window.rows = new Promise((done) => {
    const look = () => {
      const count = document.querySelectorAll(".rows .row").length;
      if (count === 0) return;
      observer.disconnect();
      afterPaint(() => done({ rows: performance.now(), count }));
    };
    // A task that is posted while a frame is drawn runs after it has been drawn.
    window.afterPaint = (then) => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = then;
      port2.postMessage(null);
    });
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true });
  });
}

async function load() {
  const page = await enter();
  await page.addInitScript(noteRows);
  await page.goto(`${given.base}/desk/`, { waitUntil: "commit", timeout: patience });
  const rows = await page.evaluate(() => window.rows);
  return { page, rows };
}

let watched;
let sought;

const orders = {
  async paint() {
    const { page, rows } = await load();
    const scripts = await page.evaluate(() => performance.getEntriesByType("resource").filter((r) => r.name.endsWith(".js")).reduce((sum, r) => sum + r.encodedBodySize, 0));
    await page.context().close();
    answer({ ...rows, scripts });
  },
  async watch() {
    watched = (await load()).page;
    answer({});
  },
  async seek(text) {
    sought = await watched.evaluateHandle((wanted) => {
      const list = document.querySelector(".rows");
      const found = new Promise((done) => {
        const observer = new MutationObserver(() => {
          if (!list.textContent.includes(wanted)) return;
          observer.disconnect();
          const in_document = performance.timeOrigin + performance.now();
          window.afterPaint(() => done({ in_document, painted: performance.timeOrigin + performance.now() }));
        });
        observer.observe(list, { childList: true, subtree: true, characterData: true });
      });
      return { found };
    }, text);
    answer({});
  },
  async found() {
    const late = new Promise((_, fail) => setTimeout(() => fail(new Error("the text did not come into the list")), patience).unref());
    answer(await Promise.race([sought.evaluate((s) => s.found), late]));
    await sought.dispose();
  },
};

answer({ version: `Chromium ${browser.version()}` });
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  try {
    await orders[order.do](order.text);
  } catch (why) {
    answer({ failed: why.message });
  }
}
await browser.close();
