/// <reference lib="deno.ns" />
import { deepEqual, equal, ok } from "node:assert/strict";
import {
  answered,
  commentOf,
  decided,
  explained,
  isToSend,
  needsPerson,
  onItsWay,
  refused,
  textOf,
  typed,
  unanswered,
  unsent,
} from "../../../gateway/static/journal/entries.js";

/** @typedef {import("../../../gateway/static/journal/entries.js").Entry} Entry */

const PLACE = {
  id: "lesson|kind|anna",
  course: "algebra",
  lesson: "lesson",
  kind: "kind",
  student: "anna",
  words: { student: "Anna", lesson: "1.12, answer", course: "Algebra" },
};
const EMPTY = { text: "", seen: null };

/** Keys one after the other: k1, k2. */
function keys() {
  let made = 0;
  return () => `k${++made}`;
}

/**
 * @param {Entry | null} entry
 * @param {string} text
 * @param {() => string} newKey
 * @param {{ text: string, seen: string | null }} base
 * @returns {Entry | null}
 */
function type(entry, text, newKey, base = EMPTY) {
  return typed(entry, { place: PLACE, base, text, newKey, now: 1 });
}

/** @param {Entry | null} entry @returns {Entry} */
function there(entry) {
  ok(entry);
  return entry;
}

Deno.test("what is typed waits under a key of its own, and a correction of it under another", () => {
  const newKey = keys();
  const first = there(type(null, "5", newKey));
  deepEqual([first.key, first.want, first.state, first.base], ["k1", "5", "waiting", EMPTY]);
  const second = there(type(first, "4", newKey));
  deepEqual([second.key, second.want, second.base, second.since], ["k2", "4", EMPTY, 1]);
});

Deno.test("typing what stands there leaves nothing to send", () => {
  const newKey = keys();
  equal(type(null, "", newKey), null);
  equal(type(type(null, "5", newKey), "", newKey), null);
});

Deno.test("a correction waits behind what is on its way, and behind what got no answer", () => {
  const newKey = keys();
  for (const under of [onItsWay, unanswered]) {
    const entry = under(there(type(null, "5", newKey)));
    const corrected = there(type(entry, "3", newKey));
    deepEqual([corrected.key, corrected.want, corrected.next, textOf(corrected)], [entry.key, "5", "3", "3"]);
    equal(there(type(corrected, "5", newKey)).next, null, "the first wish again");
    const base = { text: "5", seen: "m1" };
    const left = there(answered(corrected, entry.key, { outcome: "saved", base }, newKey));
    deepEqual([left.want, left.base, left.state, left.tried], ["3", base, "waiting", false]);
    ok(left.key !== entry.key);
  }
});

Deno.test("what is saved leaves nothing, also if the correction says what stands there", () => {
  const newKey = keys();
  const sent = onItsWay(there(type(null, "5", newKey)));
  equal(answered(sent, sent.key, { outcome: "saved", base: { text: "5", seen: "m1" } }, newKey), null);
  const corrected = there(type(sent, "O", newKey));
  equal(answered(corrected, sent.key, { outcome: "saved", base: { text: "O", seen: "m1" } }, newKey), null);
});

Deno.test("an answer to another key changes nothing", () => {
  const newKey = keys();
  const entry = there(type(null, "5", newKey));
  equal(answered(entry, "another", { outcome: "saved" }, newKey), entry);
  equal(answered(null, "another", { outcome: "saved" }, newKey), null);
});

Deno.test("what another wrote meanwhile is shown, and its person decides", () => {
  const newKey = keys();
  const sent = onItsWay(there(type(null, "5", newKey)));
  const present = { text: "3", seen: "m2", by: "B. B.", at: "2026-09-01T08:00:00Z" };
  const clash = there(answered(sent, sent.key, { outcome: "conflict", base: present }, newKey));
  deepEqual([clash.state, clash.want, clash.present], ["conflict", "5", present]);
  ok(needsPerson(clash));
  equal(decided(clash, false, newKey), null);
  const mine = there(decided(clash, true, newKey));
  deepEqual([mine.state, mine.base, mine.present, mine.want], ["waiting", present, null, "5"]);
  ok(mine.key !== clash.key);
});

Deno.test("the same from two sides is no conflict", () => {
  const newKey = keys();
  const sent = onItsWay(there(type(null, "5", newKey)));
  equal(answered(sent, sent.key, { outcome: "conflict", base: { text: "5", seen: "m2" } }, newKey), null);
});

Deno.test("what is typed into a conflict stays one, unless it is what stands there", () => {
  const newKey = keys();
  const sent = onItsWay(there(type(null, "5", newKey)));
  const clash = answered(sent, sent.key, { outcome: "conflict", base: { text: "3", seen: "m2" } }, newKey);
  const other = there(type(clash, "4", newKey));
  deepEqual([other.state, other.want, other.present?.text], ["conflict", "4", "3"]);
  equal(type(clash, "3", newKey), null);
});

Deno.test("what is refused stays until it is corrected or dropped", () => {
  const newKey = keys();
  const sent = onItsWay(there(type(null, "9", newKey)));
  const bad = there(answered(sent, sent.key, { outcome: "refused", told: "No such mark.", rule: "off-scale" }, newKey));
  deepEqual([bad.state, bad.want, bad.told, bad.rule], ["refused", "9", "No such mark.", "off-scale"]);
  const good = there(type(bad, "5", newKey));
  deepEqual([good.state, good.want, good.told], ["waiting", "5", ""]);
  equal(type(bad, "", newKey), null);
  equal(there(refused(sent, "Not yours.", "not-your-course", newKey)).state, "refused");
});

Deno.test("a refusal is forgotten where a correction was typed meanwhile", () => {
  const newKey = keys();
  const sent = onItsWay(there(type(null, "9", newKey)));
  const left = answered(there(type(sent, "5", newKey)), sent.key, { outcome: "refused", told: "No." }, newKey);
  deepEqual([left?.state, left?.want, left?.told], ["waiting", "5", ""]);
});

Deno.test("a reason that is asked for goes with the same wish under a new key", () => {
  const newKey = keys();
  const sent = onItsWay(there(type(null, "5", newKey, { text: "4", seen: "m1" })));
  const asked = there(answered(sent, sent.key, { outcome: "asked", told: "Why?", rule: "reason-required" }, newKey));
  deepEqual([asked.state, asked.rule], ["asked", "reason-required"]);
  const said = there(explained(asked, "Typed wrongly", newKey));
  deepEqual([said.state, said.reason, said.want, said.base.text], ["waiting", "Typed wrongly", "5", "4"]);
  ok(said.key !== asked.key);
  equal(explained(sent, "Too early", newKey), sent);
});

Deno.test("an absence that attendance did not take is sent again under its key", () => {
  const newKey = keys();
  const sent = onItsWay(there(type(null, "O 5", newKey)));
  const left = there(answered(sent, sent.key, { outcome: "away" }, newKey));
  deepEqual([left.key, left.state, left.tried], [sent.key, "waiting", true]);
  ok(isToSend(left));
});

Deno.test("what surely did not arrive takes the correction along; what may have arrived does not", () => {
  const newKey = keys();
  const sent = there(type(onItsWay(there(type(null, "5", newKey))), "4", newKey));
  deepEqual([unsent(sent, newKey)?.want, unsent(sent, newKey)?.next], ["4", null]);
  const uncertain = unanswered(sent);
  deepEqual([unsent(uncertain, newKey)?.key, unsent(uncertain, newKey)?.next], [sent.key, "4"]);
});

const FIVE = { text: "5", seen: "m1", comment: "" };

/**
 * @param {Entry | null} entry
 * @param {string} comment
 * @param {() => string} newKey
 * @param {string} [text]
 */
function comment(entry, comment, newKey, text = "5") {
  return typed(entry, { place: PLACE, base: FIVE, text, comment, why: "A comment", newKey, now: 1 });
}

Deno.test("a comment alone goes with its mark and a reason of its own; one that stands there goes nowhere", () => {
  const newKey = keys();
  const entry = there(comment(null, "Well done", newKey));
  deepEqual([entry.want, entry.comment, entry.reason], ["5", "Well done", "A comment"]);
  equal(comment(entry, "", newKey), null);
  equal(comment(null, "", newKey), null);
  const other = there(comment(entry, "At the board", newKey));
  deepEqual([other.comment, commentOf(other)], ["At the board", "At the board"]);
});

Deno.test("a comment waits with the mark that is not sent yet, and goes with it if the mark is typed anew", () => {
  const newKey = keys();
  const entry = there(comment(type(null, "5", newKey), "Well done", newKey));
  deepEqual([entry.want, entry.comment], ["5", "Well done"]);
  const four = there(type(entry, "4", newKey));
  deepEqual([four.want, four.comment], ["4", "Well done"]);
  equal(there(type(entry, "-", newKey)).comment, "Well done");
  equal(type(entry, "", newKey), null, "nothing to comment");
});

Deno.test("the reason of a comment is none of another mark", () => {
  const newKey = keys();
  const entry = there(comment(null, "Well done", newKey));
  equal(there(type(entry, "4", newKey, FIVE)).reason, "");
  equal(there(comment(null, "Well done", newKey, "4")).reason, "");
  const sent = onItsWay(entry);
  const left = there(
    answered(there(type(sent, "4", newKey, FIVE)), sent.key, {
      outcome: "saved",
      base: { ...FIVE, seen: "m2", comment: "Well done" },
    }, newKey),
  );
  deepEqual([left.want, left.reason], ["4", ""]);
  const clash = there(answered(sent, sent.key, { outcome: "conflict", base: { text: "3", seen: "m2" } }, newKey));
  deepEqual([there(decided(clash, true, newKey)).reason, clash.comment], ["", "Well done"]);
});

Deno.test("a comment waits behind what is on its way", () => {
  const newKey = keys();
  const sent = onItsWay(there(type(null, "5", newKey)));
  const more = there(comment(sent, "Well done", newKey));
  deepEqual([more.key, more.comment, more.nextComment, commentOf(more)], [sent.key, null, "Well done", "Well done"]);
  const left = there(answered(more, sent.key, { outcome: "saved", base: FIVE }, newKey));
  deepEqual([left.want, left.comment, left.nextComment, left.base], ["5", "Well done", null, FIVE]);
  const said = { ...FIVE, comment: "Well done" };
  equal(answered(more, sent.key, { outcome: "saved", base: said }, newKey), null);
});

Deno.test("the same mark with another comment is a conflict, with the same comment none", () => {
  const newKey = keys();
  const sent = onItsWay(there(comment(null, "Well done", newKey)));
  const clash = answered(sent, sent.key, { outcome: "conflict", base: { ...FIVE, comment: "Weak" } }, newKey);
  equal(there(clash).state, "conflict");
  equal(answered(sent, sent.key, { outcome: "conflict", base: { ...FIVE, comment: "Well done" } }, newKey), null);
});
