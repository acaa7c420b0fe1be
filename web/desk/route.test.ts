import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRoute, pathOf } from "./route.ts";
import { snoozeChoices } from "./thread/snooze.ts";

test("every place has an address that leads back to it", () => {
  for (const path of ["/desk/", "/desk/threads/0198-ab", "/desk/reports", "/desk/settings/agents", "/desk/invitations/to%2Fken"]) assert.equal(pathOf(parseRoute(path)), path);
  assert.deepEqual(parseRoute("/desk/search", "?query=a%26b"), { ...parseRoute("/desk/search", "?query=a%26b"), page: "search", query: "a&b" });
  for (const odd of ["/desk", "/desk/none/such", "/desk/threads/", "/desk/invitations/"]) assert.equal(parseRoute(odd).page, "threads");
  assert.doesNotThrow(() => parseRoute("/desk/threads/%E0%A4%A"));
});

test("a snooze ends in the future, mornings at nine, Monday is the next one", () => {
  for (let day = 1; day <= 14; day++) {
    const now = new Date(2026, 10, day, 13, 30).getTime();
    for (const { word, until } of snoozeChoices(now)) {
      if (until === "reply") continue;
      assert.ok(until > now, word);
      if (word === "snooze_hour") continue;
      assert.equal(new Date(until).getHours(), 9);
      if (word === "snooze_monday") assert.equal(new Date(until).getDay(), 1);
    }
  }
});
