// How the people of a scenario reach the server: straight, or, where cuts are given, over lines of their own that are cut at random.
import { check, eventually, given, wire } from "./chromium.mjs";

export const cuts = given.cuts ?? 0; // how many at least
let seed = 11;
export const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
export const pause = (ms) => new Promise((go) => setTimeout(go, ms));

const sides = new Set(); // whose lines are cut now
const wires = [];
const done = {}; // cuts by name
let cutting; // the promise of the one who cuts
let calm = false;
const count = () => Object.values(done).reduce((a, b) => a + b, 0);

/** A person's line; fray begins to cut it, told says whether the person's page tells that it is dead, mend ends that. */
export async function line(name) {
  if (!cuts) return { base: given.base, through: (link) => link, fray: () => {}, mend: () => {} };
  const own = await wire(given.base);
  wires.push(own);
  const side = { name, wire: own };
  return {
    base: own.base,
    through: (link) => own.base + new URL(link).pathname,
    fray: (told) => {
      sides.add(Object.assign(side, { told }));
      cutting ??= cut();
    },
    mend: () => sides.delete(side),
  };
}

/** Cuts lines that carry something, one at a time; every eighth stays dead until its page says so. */
async function cut() {
  for (let i = 1; !calm; i++) {
    await pause(random() * 900);
    const busy = [...sides].filter((side) => side.wire.busy());
    if (busy.length === 0) continue;
    const side = busy[Math.floor(random() * busy.length)];
    const stays = i % 8 === 0;
    side.wire.setDown(stays);
    side.wire.cut();
    done[side.name] = (done[side.name] ?? 0) + 1;
    if (!stays) continue;
    await eventually(`cut ${i}: ${side.name} is told`, side.told);
    side.wire.setDown(false);
  }
}

/** Whether there is still to cut. */
export const more = () => count() < cuts;

/** Ends the cuts. */
export async function settle() {
  calm = true;
  await cutting;
  if (!cuts) return;
  console.log(`cuts: ${count()} ${JSON.stringify(done)}`);
  check(`at least ${cuts} cuts`, !more(), `${count()}`);
}

/** Takes the lines down. */
export const hangUp = () => wires.forEach((one) => one.close());
