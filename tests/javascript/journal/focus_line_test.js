/// <reference lib="deno.ns" />
import { deepEqual } from "node:assert/strict";
import { historiesOf } from "../../../gateway/static/journal/focus_line.js";

const JOURNAL = { course: "c", term: "t" };
const SPOT = { lesson: "l", student: "s", mark: "m", checked: true };

/** @param {Partial<import("../../../gateway/static/journal/focus_line.js").Spot>} change */
function ways(change) {
  return historiesOf(JOURNAL, { ...SPOT, ...change }).map(({ of, href }) => [of, href]);
}

Deno.test("a mark's history comes before that of the student's attendance", () => {
  const mark = ["mark", "/mark/m?student=s&course=c&term=t"];
  const attendance = ["attendance", "/lessons/l/students/s/absence?course=c&term=t"];
  deepEqual(ways({}), [mark, attendance]);
  deepEqual(ways({ checked: false }), [mark]);
  deepEqual(ways({ mark: null }), [attendance]);
  deepEqual(ways({ mark: null, checked: false }), []);
});

Deno.test("a head leads to the history of the lesson's topic and homework", () => {
  deepEqual(ways({ student: null, mark: null }), [["lesson", "/lessons/l/homework/history"]]);
});
