import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyWeek, faultOf, isDate, isZone, usualHours, weeklyOf, weekOf, type Week } from "./hours.ts";

const week = (part: Partial<Week>): Week => ({ ...emptyWeek(), ...part });
const fault = (part: Partial<Week>, zone = "Europe/Berlin", holidays: string[] = []) => faultOf({ week: week(part), zone, holidays });

test("a week is edited by days and kept by spans", () => {
  const weekly = [{ days: ["mon", "tue", "fri"], from: "09:00", to: "12:00" }, { days: ["mon"], from: "13:00", to: "18:00" }];
  const edited = weekOf(weekly);
  assert.deepEqual(edited.mon, [{ from: "09:00", to: "12:00" }, { from: "13:00", to: "18:00" }]);
  assert.deepEqual(edited.sat, []);
  assert.deepEqual(weeklyOf(edited), weekly);
  assert.deepEqual(weeklyOf(weekOf(usualHours("UTC").weekly)), usualHours("UTC").weekly);
  assert.deepEqual(weekOf([{ days: ["MON", "noday"], from: "09:00", to: "10:00" }]).mon, [{ from: "09:00", to: "10:00" }]);
  assert.deepEqual(weeklyOf(emptyWeek()), []);
});

test("what is wrong with hours is told", () => {
  assert.equal(fault({ mon: [{ from: "09:00", to: "18:00" }] }), null);
  assert.equal(fault({ mon: [{ from: "00:00", to: "24:00" }], tue: [{ from: "00:00", to: "24:00" }] }), null);
  assert.deepEqual(fault({}), { kind: "never" });
  assert.deepEqual(fault({ tue: [{ from: "", to: "18:00" }] }), { kind: "time", day: "tue" });
  assert.deepEqual(fault({ tue: [{ from: "24:00", to: "18:00" }] }), { kind: "time", day: "tue" });
  assert.deepEqual(fault({ mon: [{ from: "09:00", to: "18:00" }] }, "Mars/Olympus"), { kind: "zone" });
  assert.deepEqual(fault({ mon: [{ from: "09:00", to: "18:00" }] }, "UTC", ["2026-02-30"]), { kind: "holiday", date: "2026-02-30" });
});

test("spans may not overlap, not even over midnight and the end of the week", () => {
  assert.deepEqual(fault({ mon: [{ from: "09:00", to: "13:00" }, { from: "12:00", to: "18:00" }] }), { kind: "overlap", day: "mon" });
  assert.deepEqual(fault({ mon: [{ from: "22:00", to: "06:00" }], tue: [{ from: "05:00", to: "10:00" }] }), { kind: "overlap", day: "tue" });
  assert.equal(fault({ mon: [{ from: "22:00", to: "06:00" }], tue: [{ from: "06:00", to: "10:00" }] }), null);
  assert.deepEqual(fault({ sun: [{ from: "22:00", to: "06:00" }], mon: [{ from: "05:00", to: "10:00" }] }), { kind: "overlap", day: "mon" });
  assert.equal(fault({ sun: [{ from: "22:00", to: "06:00" }] }), null);
});

test("dates and zones", () => {
  for (const good of ["2026-12-25", "2028-02-29"]) assert.ok(isDate(good), good);
  for (const bad of ["2026-02-29", "25.12.2026", "", "2026-13-01", "2026-1-1"]) assert.ok(!isDate(bad), bad);
  for (const good of ["Europe/Berlin", "UTC"]) assert.ok(isZone(good), good);
  for (const bad of ["", "Local", "Mars", "+03:00"]) assert.ok(!isZone(bad), bad);
});
