// What a visitor sees and does: the launcher on a page of a customer, the chat in its frame.
import { createServer as createPages } from "node:http";
import { given } from "./chromium.mjs";

/** A customer's page, on a site of its own (localhost is another than 127.0.0.1), under a policy as strict as it can be with a widget. */
export async function host(page, base, { script = "", tag = true, port = 0 } = {}) {
  const launcher = tag ? `<script async src="${base}/widget/loader.js" data-integration="${given.integration}"></script>` : "";
  const files = {
    "/": ["text/html", `<!doctype html><html lang="en"><head><title>Shop</title><script src="/own.js"></script>${launcher}</head><body><main><h1>Shop</h1><p>${"Things to buy. ".repeat(80)}</p></main></body></html>`],
    "/own.js": ["text/javascript", script],
  };
  const server = createPages((asked, answer) => {
    const [type, body] = files[new URL(asked.url, base).pathname] ?? ["text/plain", ""];
    answer.setHeader("Content-Security-Policy", `default-src 'self'; script-src 'self' ${base}; connect-src 'self' ${base}; frame-src ${base}`);
    answer.setHeader("Content-Type", type);
    answer.end(body);
  });
  await new Promise((go) => server.listen(Number(port), "localhost", go));
  await page.goto(`http://localhost:${server.address().port}/`);
  page.once("close", () => { server.closeAllConnections(); server.close(); });
}

export const launcherOf = (page) => page.locator("parley-chat button");
export const chatOf = (page) => page.frameLocator("parley-chat iframe");
export const writing = (page) => chatOf(page).locator(".composer textarea");

export async function say(page, text) {
  await writing(page).fill(text);
  await writing(page).press("Enter");
}

/** What stands in the log: author and text of each bubble. */
export const bubbles = (page) => chatOf(page).locator(".log").evaluate((log) => [...log.querySelectorAll(".message .bubble")].map((b) => `${b.closest(".message").classList[1]}: ${b.innerText.trim() || b.querySelector("img")?.alt}`));

/** The beginning of each message of the log, whatever parts it has. */
export const messages = (page) => chatOf(page).locator(".log").evaluate((log) => [...log.querySelectorAll(".message")].map((m) => `${m.classList[1]}: ${(m.querySelector(".bubble").innerText.trim() || m.querySelector("img").alt)}`));

/** Keeps what the widget tells the page. */
export const listening = `
  window.told = [];
  window.Parley = window.Parley || function () { (window.Parley.q = window.Parley.q || []).push(arguments); };
  ['ready', 'open', 'close', 'sessionCreated', 'sessionClosed', 'contextUpdated', 'message', 'handover', 'agentJoined', 'conversationClosed', 'conversationReopened', 'rated', 'unread', 'error'].forEach(function (name) {
    window.Parley('on', name, function (event) { window.told.push([name, event]); });
  });`;
export const told = (page, name) => page.evaluate((n) => window.told.filter(([what]) => what === n).map(([, event]) => event), name);

/** What the chat says about the conversation between the messages. */
export const remarks = (page) => chatOf(page).locator(".log .note").allInnerTexts();
