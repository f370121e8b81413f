/// <reference lib="deno.ns" />
import { deepEqual, equal } from "node:assert/strict";
import { cellInWords, filled, stateOf, withComment } from "../../../gateway/static/journal/telling.js";
import { asRequest, outcomeOf } from "../../../gateway/static/journal/wire.js";

const WORDS = {
  all: "All saved.",
  waiting: "Saving {count}.",
  offline: "{count} wait for the network.",
  over: "Sign in: {count} wait.",
  "other-account": "Somebody else: {count} wait.",
  needs: "{count} need you.",
  empty: "empty",
  is_waiting: "not saved",
  commented: "comment: {comment}",
};

/**
 * @param {import("../../../gateway/static/journal/entries.js").State} state
 * @returns {import("../../../gateway/static/journal/entries.js").Entry}
 */
function entry(state) {
  const words = { student: "Anna", lesson: "1.12", course: "Algebra" };
  return {
    cell: "l|k|s",
    place: { id: "l|k|s", course: "c", lesson: "l", kind: "k", student: "s", words },
    key: "1",
    base: { text: "4", seen: "m1" },
    want: "5",
    next: null,
    state,
    tried: false,
    present: null,
    told: "",
    rule: "",
    reason: "",
    since: 0,
  };
}

Deno.test("one line says how it stands with everything", () => {
  deepEqual(stateOf([], "offline", WORDS), { state: "saved", text: "All saved." });
  deepEqual(stateOf([entry("sending")], "well", WORDS), { state: "waiting", text: "Saving 1." });
  deepEqual(stateOf([entry("waiting")], "offline", WORDS), { state: "offline", text: "1 wait for the network." });
  deepEqual(stateOf([entry("waiting")], "over", WORDS), { state: "over", text: "Sign in: 1 wait." });
  deepEqual(stateOf([entry("waiting")], "other-account", WORDS).text, "Somebody else: 1 wait.");
  deepEqual(stateOf([entry("conflict"), entry("asked"), entry("waiting")], "well", WORDS), {
    state: "needs",
    text: "2 need you. Saving 1.",
  });
});

Deno.test("a cell is read with its state", () => {
  equal(cellInWords("5", "waiting", WORDS), "5, not saved");
  equal(cellInWords("", null, WORDS), "empty");
  equal(cellInWords("5", "waiting", WORDS, "Well done"), "5, comment: Well done, not saved");
  equal(withComment("5", "Well done", WORDS), "5 (Well done)");
  equal(withComment("", null, WORDS), "empty");
  equal(filled("{a} and {b}", { a: 1 }), "1 and ");
});

Deno.test("an entry goes out with what was seen, as the API names it", () => {
  deepEqual(asRequest(entry("sending")), {
    key: "1",
    lesson_id: "l",
    student_id: "s",
    kind_id: "k",
    text: "5",
    seen: "m1",
    comment: null,
    reason: "",
  });
});

Deno.test("an answer says what stands in the cell, in the first column of a lesson with the absence", () => {
  const cell = { text: "O 5", marks: "5", seen: "m2a1", mark_id: "m", comment: "", by_name: "B. B.", at: null };
  const saved = { key: "1", state: /** @type {const} */ ("saved"), cell, problem: null };
  equal(outcomeOf(saved, true).base?.text, "O 5");
  equal(outcomeOf(saved, false).base?.text, "5");
  deepEqual([outcomeOf(saved, true).outcome, outcomeOf(saved, true).base?.by], ["saved", "B. B."]);
  deepEqual(outcomeOf({ ...saved, state: "unavailable" }, true), { outcome: "away", told: "" });
});

Deno.test("a refusal that a reason settles is a question", () => {
  const problem = { rule: "off-scale", detail: "No such mark." };
  const answer = { key: "1", state: /** @type {const} */ ("refused"), cell: null, problem };
  deepEqual(outcomeOf(answer, true), { outcome: "refused", told: "No such mark.", rule: "off-scale" });
  for (const rule of ["reason-required", "late-reason-required"]) {
    equal(outcomeOf({ ...answer, problem: { ...problem, rule } }, true).outcome, "asked");
  }
});
