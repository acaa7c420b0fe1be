import assert from "node:assert/strict";
import { test } from "node:test";
import { preview, unknownVariable } from "./template.ts";

test("unknown variables are found", () => {
  for (const good of ["", "plain {x}", "Hi {{client.name}}", "{{ agent.name }} {{context.user.city}}", "}} {{client.name}}"]) assert.equal(unknownVariable(good), null, good);
  assert.equal(unknownVariable("Hi {{client.nam}}"), "{{client.nam}}");
  assert.equal(unknownVariable("{{client.name}} {{nope}}"), "{{nope}}");
  assert.equal(unknownVariable("{{context}}"), "{{context}}");
  assert.equal(unknownVariable("{{context.}}"), "{{context.}}");
  assert.equal(unknownVariable("Hi {{client.name"), "{{");
});

test("a preview fills in examples and leaves the rest", () => {
  assert.equal(preview("Hi {{client.name}}, {{ agent.name }}: {{context.order.id}} {{what}}", "Ada", "Bob"), "Hi Ada, Bob: ‹order.id› {{what}}");
});
