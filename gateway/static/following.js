/**
 * When to look again at what changes by itself, and for how long.
 *
 * @typedef {object} Looking
 * @property {() => Promise<boolean | null>} look Shows the present state and tells whether it goes on; null: not reached.
 * @property {() => boolean} hidden Whether nobody sees the page just now.
 * @property {(milliseconds: number) => Promise<void>} wait
 */

export const SHORTEST = 2_000;
export const LONGEST = 30_000;
const GROWTH = 1.2;

/**
 * Milliseconds before the next look, after `looks` of them: soon at first, rarely in the end and while nobody sees it.
 *
 * @param {number} looks
 * @param {boolean} hidden
 * @returns {number}
 */
export function pause(looks, hidden) {
  return hidden ? LONGEST : Math.min(SHORTEST * GROWTH ** looks, LONGEST);
}

/**
 * Looks again and again until nothing goes on any more. A look that did not reach the server is repeated later.
 *
 * @param {Looking} looking
 * @returns {Promise<void>}
 */
export async function follow({ look, hidden, wait }) {
  let goesOn = true;
  for (let looks = 0; goesOn; looks += 1) {
    await wait(pause(looks, hidden()));
    goesOn = (await look()) ?? true;
  }
}
