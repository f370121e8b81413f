/// <reference lib="deno.ns" />
import { equal } from "node:assert/strict";
import { parityOf } from "../../gateway/static/weeks.js";

const [FIRST, LAST] = ["2026-09-01", "2027-05-28"];

Deno.test("weeks are counted by Mondays from the one in which the year begins, holidays too", () => {
  const expected = /** @type {const} */ ({
    "2026-09-01": "odd", // a Tuesday: the week from 31 August is the first
    "2026-09-06": "odd",
    "2026-09-07": "even",
    "2026-09-14": "odd",
    "2026-12-31": "even",
    "2027-01-04": "odd",
  });
  for (const [day, parity] of Object.entries(expected)) equal(parityOf(day, FIRST, LAST), parity, day);
});

Deno.test("what is no day of the year has no week", () => {
  for (const day of ["", "2026-08-31", "2027-05-29", "2026-13-01", "tomorrow"]) {
    equal(parityOf(day, FIRST, LAST), null, day);
  }
});
