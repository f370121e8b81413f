/// <reference lib="deno.ns" />
import { deepEqual, equal } from "node:assert/strict";
import { follow, LONGEST, pause, SHORTEST } from "../../gateway/static/following.js";

/**
 * Follows what is seen at each look.
 *
 * @param {(boolean | null)[]} seen
 * @param {boolean} hidden
 * @returns {Promise<number[]>} The pauses before the looks.
 */
async function pausesOf(seen, hidden = false) {
  /** @type {number[]} */
  const pauses = [];
  await follow({
    look: () => Promise.resolve(/** @type {boolean | null} */ (seen.shift())),
    hidden: () => hidden,
    wait: (milliseconds) => Promise.resolve(void pauses.push(milliseconds)),
  });
  return pauses;
}

Deno.test("the first look comes soon, later ones less and less often, none later than the longest pause", () => {
  const pauses = Array.from({ length: 40 }, (_, looks) => pause(looks, false));
  equal(pauses[0], SHORTEST);
  deepEqual(pauses, pauses.toSorted((one, other) => one - other));
  equal(new Set(pauses.slice(0, 10)).size, 10);
  equal(pauses.at(-1), LONGEST);
});

Deno.test("a page that nobody sees is looked at rarely", async () => {
  deepEqual(await pausesOf([true, false], true), [LONGEST, LONGEST]);
});

Deno.test("looking ends when nothing goes on any more", async () => {
  deepEqual(await pausesOf([true, true, false]), [0, 1, 2].map((looks) => pause(looks, false)));
});

Deno.test("a look that did not reach the server is repeated", async () => {
  equal((await pausesOf([null, null, false])).length, 3);
});
