/// <reference lib="deno.ns" />
import { deepEqual, equal } from "node:assert/strict";
import { newer, shownCount } from "../../gateway/static/job_state.js";

const STATE = { state: "running", stage: "grades", done: 3, total: 9, version: 7 };

Deno.test("a state that was overtaken by a later one is not shown", () => {
  equal(newer(STATE, "6"), true);
  equal(newer(STATE, "7"), false);
  equal(newer(STATE, "8"), false);
  equal(newer(STATE, undefined), true);
});

Deno.test("a count is shown once the total is known, and is never more than all", () => {
  deepEqual(shownCount(STATE), { done: 3, total: 9, hidden: false });
  deepEqual(shownCount({ ...STATE, done: 0, total: 0 }), { done: 0, total: 0, hidden: true });
  deepEqual(shownCount({ ...STATE, done: 12 }), { done: 9, total: 9, hidden: false });
});
