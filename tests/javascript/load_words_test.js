/// <reference lib="deno.ns" />
import { deepEqual, equal } from "node:assert/strict";
import { addressOf, sentencesOf } from "../../gateway/static/load_words.js";

const WORDS = { control: "Control works", homework: "Also", minutes: "min" };
const LOAD = {
  day: "2026-09-10",
  homework: [{ title: "Physics", minutes: 30 }, { title: "Chemistry", minutes: null }],
  control_works: [{ title: "Algebra: test 1", minutes: null }],
  told: { ru: ["90 minut"], en: ["90 min."] },
  warnings: { ru: ["Mnogo."], en: ["Excess."] },
};

Deno.test("the load is asked for as soon as homework, minutes or a topic are typed", () => {
  const nothing = { homework: " ", due: "2026-09-10", minutes: "", topic: " " };
  equal(addressOf("1", nothing), null);
  equal(addressOf("1", { ...nothing, homework: "p. 5" }), "/lessons/1/load?due=2026-09-10");
  equal(addressOf("1", { ...nothing, due: "", minutes: "20" }), "/lessons/1/load?minutes=20");
  equal(addressOf("1", { ...nothing, due: "", topic: " Test 1 " }), "/lessons/1/load?topic=Test+1");
});

Deno.test("what cannot be read is left out", () => {
  for (const minutes of ["0", "601", "1.5", "many", "-1"]) {
    equal(addressOf("1", { homework: "p. 5", due: "tomorrow", minutes, topic: "" }), "/lessons/1/load", minutes);
  }
});

Deno.test("a load is told in the page's language with what makes it up", () => {
  deepEqual(sentencesOf(LOAD, "ru", WORDS), {
    told: ["90 minut", "Also: Physics (30 min), Chemistry.", "Control works: Algebra: test 1."],
    warnings: ["Mnogo."],
  });
  deepEqual(sentencesOf({ ...LOAD, homework: [], control_works: [] }, "en", WORDS).told, ["90 min."]);
});

Deno.test("what a warning says is not told twice", () => {
  const warned = { ...LOAD, homework: [], control_works: [], warnings: { ru: ["90 minut Mnogo."], en: [] } };
  deepEqual(sentencesOf(warned, "ru", WORDS), { told: [], warnings: ["90 minut Mnogo."] });
});
