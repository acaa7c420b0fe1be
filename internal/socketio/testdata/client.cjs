// Drives a real Socket.IO client through one conversation and prints what it saw, a line each.
// Arguments: directory with node_modules, package name, URL, options of the client as JSON.
const { createRequire } = require("module");
const path = require("path");

const [directory, name, url, options] = process.argv.slice(2);
const { io } = createRequire(path.join(directory, "package.json"))(name);
const say = (...words) => console.log(words.join(" "));

const socket = io(url, { reconnectionDelay: 10, reconnectionDelayMax: 20, ...JSON.parse(options) });
const event = (name) => new Promise((resolve) => socket.once(name, (...args) => resolve(args)));
const ask = (...args) => new Promise((resolve) => socket.emit(...args, (...answer) => resolve(answer)));
// Waits until the upgrade is over, so that a test does not depend on how far it has come.
const settled = () => {
  const engine = socket.io.engine;
  if (engine.transport.name === "websocket" || !engine.transports.includes("websocket")) return Promise.resolve();
  return new Promise((resolve) => engine.once("upgrade", resolve));
};
const pings = (n) =>
  new Promise((resolve) => {
    socket.io.engine.on("packet", ({ type }) => {
      if (type === "ping" && --n === 0) resolve();
    });
  });

async function converse() {
  await event("connect");
  say("connected", typeof socket.id);
  socket.emit("echo", { text: "früh <b>" }, 2);
  say("echo", JSON.stringify(await event("echo")));
  say("ack", JSON.stringify(await ask("ask", { n: 1 })));
  await settled();
  say("transport", socket.io.engine.transport.name);
  socket.emit("echo", "large", "x".repeat(300000));
  say("large", (await event("echo"))[1].length);
  const [bytes] = await ask("ask", Buffer.from([1, 2, 3]));
  say("binary", JSON.stringify(Array.from(new Uint8Array(bytes))));
  for (let i = 0; i < 50; i++) socket.emit("count", i);
  say("order", JSON.stringify(await ask("counted")));
  await pings(3);
  say("pings", 3);
  socket.emit("cut");
  say("lost", (await event("disconnect"))[0]);
  await event("connect");
  say("again", JSON.stringify(await ask("ask", "still there")));
  await settled();
  socket.emit("leave");
  say("left", (await event("disconnect"))[0]);
  socket.close();
}

socket.on("connect_error", (error) => {
  say("connect_error", error.message, JSON.stringify(error.data ?? null));
  socket.close();
});
converse();
