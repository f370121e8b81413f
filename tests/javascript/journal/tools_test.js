/// <reference lib="deno.ns" />
import { deepEqual } from "node:assert/strict";
import { signsOf } from "../../../gateway/static/journal/tools.js";

const DATA = { scales: { answer: ["5", "4", "3", "2"], test: ["pass", "fail"] }, codes: ["N", "O"] };
const BOTH = { marks: true, absences: true };

Deno.test("the bar offers the marks of the column's scale, then the letters of absences", () => {
  deepEqual(signsOf(DATA, { kind: "answer", first: true }, BOTH), ["5", "4", "3", "2", "N", "O"]);
  deepEqual(signsOf(DATA, { kind: "test", first: true }, BOTH), ["pass", "fail", "N", "O"]);
});

Deno.test("it offers no absence beside the first column of a lesson, nor what the cell does not take", () => {
  deepEqual(signsOf(DATA, { kind: "test", first: false }, BOTH), ["pass", "fail"]);
  deepEqual(signsOf(DATA, { kind: "answer", first: true }, { marks: false, absences: true }), ["N", "O"]);
  deepEqual(signsOf(DATA, { kind: "answer", first: true }, { marks: false, absences: false }), []);
  deepEqual(signsOf(DATA, { kind: "of a hundred points", first: true }, BOTH), ["N", "O"], "too many for buttons");
  deepEqual(signsOf(DATA, null, BOTH), [], "a figure");
});
