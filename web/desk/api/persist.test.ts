import assert from "node:assert/strict";
import { test } from "node:test";
import { persist } from "./persist.ts";
import { ApiError } from "./request.ts";

function failing(...failures: unknown[]) {
  const work = () => (work.tries++ < failures.length ? Promise.reject(failures[work.tries - 1]) : Promise.resolve("done"));
  work.tries = 0;
  return work;
}

test("a lost answer and a busy server are tried again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const work = failing(new ApiError("offline", 0, ""), new ApiError("unavailable", 503, "", undefined, 7));
  const result = persist(work, () => true);
  const pass = async (ms: number) => {
    await new Promise((go) => setImmediate(go));
    t.mock.timers.tick(ms);
  };
  await pass(500);
  await pass(6_999);
  assert.equal(work.tries, 2);
  await pass(1);
  assert.equal(await result, "done");
  assert.equal(work.tries, 3);
});

test("a refusal and a fault of our own are final", async () => {
  for (const fault of [new ApiError("invalid_payload", 400, ""), new TypeError("ours")]) {
    const work = failing(fault);
    await assert.rejects(persist(work, () => true), fault);
    assert.equal(work.tries, 1);
  }
});

test("what nobody wants any more is not tried again", async () => {
  const work = failing(new ApiError("offline", 0, ""));
  await assert.rejects(persist(work, () => false));
  assert.equal(work.tries, 1);
});
