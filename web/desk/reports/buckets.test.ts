import assert from "node:assert/strict";
import { test } from "node:test";
import { middle, spread, steps, stepOf, sum } from "./buckets.ts";

const hour = 3_600_000;
const start = new Date(2026, 2, 2).getTime();

test("short periods go by hours, long ones by days", () => {
  assert.equal(stepOf(start, start + 72 * hour), "hour");
  assert.equal(stepOf(start, start + 73 * hour), "day");
  assert.equal(steps(start, start + 24 * hour).length, 24);
  assert.equal(steps(start + 1, start + 24 * hour).length, 24);
  assert.equal(steps(start, new Date(2026, 3, 1).getTime()).length, 30); // over a change of the clock in many zones
});

test("everything in the period stands in its step, nothing twice", () => {
  const points = [0, 0.5, 5, 23, 24, -1].map((h) => ({ at: start + h * hour }));
  const found = spread(points, start, start + 24 * hour);
  assert.equal(found.length, 24);
  assert.deepEqual(found.map((one) => one.points.length).filter(Boolean), [2, 1, 1]);
  assert.equal(sum(found, (one) => one.points.length), 4);
});

test("the middle weighs medians by their counts", () => {
  assert.equal(middle([]), null);
  assert.equal(middle([{ median_ms: 5, count: 0 }]), null);
  assert.equal(middle([{ median_ms: 900, count: 1 }, { median_ms: 10, count: 9 }]), 10);
  assert.equal(middle([{ median_ms: 30, count: 1 }, { median_ms: 10, count: 1 }, { median_ms: 20, count: 1 }]), 20);
});
