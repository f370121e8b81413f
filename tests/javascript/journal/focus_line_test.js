/// <reference lib="deno.ns" />
import { deepEqual, equal } from "node:assert/strict";
import { historiesOf, sentenceOf } from "../../../gateway/static/journal/focus_line.js";
import { Sheet } from "../../../gateway/static/journal/sheet.js";

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

Deno.test("the sentence of a cell says why its column is shaded", () => {
  const cell = { cellIndex: 1, tagName: "TD", dataset: {}, classList: { contains: () => false } };
  const row = { rowIndex: 1, firstElementChild: { textContent: "Anna" } };
  const column = { date: "Mon, 30.11", about: "Answer", topic: "Powers", standing: "cancelled; flu", why: "Not held." };
  const data = { absences: "none", columns: [column], rows: [{ student: "s", own: true, why: "" }] };
  const sheet = new Sheet(/** @type {any} */ ({ rows: [] }), /** @type {any} */ (data), { empty: "empty" });
  const shown = { text: "", comment: "", state: null, count: 1 };
  const said = sentenceOf(sheet, /** @type {any} */ ({ ...cell, parentElement: row }), shown);
  equal(said, "Anna, Mon, 30.11, Answer, empty, cancelled; flu, Not held.");
});
