// Runs one scenario of a script in a real Chromium and reports each check as a line of JSON.
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { Transform } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import { chromium } from "playwright-core";

export const given = JSON.parse(process.env.GIVEN);
let checks = 0;
let shots = 0;
/** How long a condition is waited for, milliseconds: it says what has to come, not how fast a machine is that does much else. */
export const patient = 60_000;

export function check(what, ok, detail = "") {
  checks++;
  console.log(JSON.stringify({ check: what, ok: Boolean(ok), detail: typeof detail === "string" ? detail : JSON.stringify(detail) }));
}

export function same(what, got, want) {
  check(what, isDeepStrictEqual(got, want), `got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

/** Waits until a condition holds; the check fails when it does not in time. */
export async function eventually(what, holds, patience = patient) {
  const end = Date.now() + patience;
  let last;
  while (Date.now() < end) {
    try {
      last = await holds();
      if (last) return check(what, true);
    } catch (why) {
      last = why.message;
    }
    await new Promise((go) => setTimeout(go, 25));
  }
  check(what, false, `waited in vain; last: ${JSON.stringify(last)}`);
}

/** Waits until something is what it has to be: a page follows what it was told, in its own time. */
export async function becomes(what, look, want) {
  const end = Date.now() + patient;
  let got;
  do {
    try {
      got = await look();
    } catch (why) {
      got = why.message;
    }
    if (isDeepStrictEqual(got, want)) break;
    await new Promise((go) => setTimeout(go, 25));
  } while (Date.now() < end);
  same(what, got, want);
}

/** Types until the other side sees it: who stops is shown for a few seconds only, which a busy machine may miss. */
export async function typing(field, words, what, seen) {
  const often = 2_000;
  await field.pressSequentially(words, { delay: 20 });
  let next = Date.now() + often;
  await eventually(what, async () => {
    if (await seen()) return true;
    if (Date.now() > next) {
      await field.pressSequentially(".");
      next = Date.now() + often;
    }
    return false;
  });
}

export async function shot(page, name) {
  await page.screenshot({ path: join(given.shots, `${String(++shots).padStart(2, "0")}-${name}.png`) });
}

/** Whatever goes wrong on a page by itself: scripts that throw, policies that are broken, boxes that scripts open. */
export function watch(page, allowed = () => false) {
  const faults = [];
  page.on("pageerror", (e) => faults.push(`threw ${e.message}`));
  page.on("dialog", (d) => {
    faults.push(`opened a box: ${d.message()}`);
    void d.dismiss();
  });
  page.on("console", (m) => {
    if (m.type() === "error" && !allowed(m.text(), m.location().url)) faults.push(`${m.text()} ${m.location().url}`);
  });
  return faults;
}

/** A line to the server that can be cut: what a train, a lift or a proxy does to it. */
export async function wire(base, { polls = false } = {}) {
  const to = new URL(base);
  const open = new Set();
  let down = false;
  let bait; // what is swallowed next
  const server = createServer((near) => {
    if (down) return void near.destroy();
    const far = connect(Number(to.port), to.hostname);
    for (const [a, b] of [[near, far], [far, near]]) {
      open.add(a);
      a.on("error", () => {});
      a.on("close", () => {
        open.delete(a);
        b.destroy();
      });
    }
    near.pipe(filter((bytes) => !polls || !/^upgrade: websocket/im.test(bytes), () => near.destroy())).pipe(far);
    far.pipe(filter((bytes) => !bait || !bytes.includes(bait), () => {
      bait = undefined;
      if (polls) near.destroy();
    })).pipe(near);
  });
  await new Promise((go) => server.listen(0, "127.0.0.1", go));
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    cut: () => open.forEach((socket) => socket.destroy()),
    busy: () => open.size > 0,
    setDown: (on) => (down = on),
    swallow: (text) => (bait = text),
    hungry: () => bait !== undefined,
    close: () => server.close(),
  };
}

/** Lets bytes through that are fine, and tells of others, which are lost. */
function filter(fine, lost) {
  return new Transform({
    transform(bytes, _, done) {
      const ok = fine(bytes);
      if (!ok) lost();
      done(null, ok ? bytes : undefined);
    },
  });
}

export async function run(scenarios) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"], timeout: patient });
  const open = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await open(options);
    context.setDefaultTimeout(patient); // pages open through it, too
    return context;
  };
  try {
    await scenarios[given.scenario](browser);
    console.log(JSON.stringify({ done: checks }));
  } catch (why) {
    console.log(JSON.stringify({ check: "the scenario runs to its end", ok: false, detail: why.stack }));
  } finally {
    await browser.close();
  }
  process.exit(0);
}
