/**
 * When to fetch the current state again of something that changes by itself.
 *
 * @typedef {object} Looking
 * @property {() => Promise<boolean | null>} look Shows the current state and tells whether it still changes; null: the server was not reached.
 * @property {() => boolean} hidden Whether the page is hidden.
 * @property {(milliseconds: number) => Promise<void>} wait
 */

export const SHORTEST = 2_000;
export const LONGEST = 30_000;
const GROWTH = 1.2;

/**
 * Milliseconds before the next look, after `looks` of them: they grow, and are longest while the page is hidden.
 *
 * @param {number} looks
 * @param {boolean} hidden
 * @returns {number}
 */
export function pause(looks, hidden) {
  return hidden ? LONGEST : Math.min(SHORTEST * GROWTH ** looks, LONGEST);
}

/**
 * Looks again until nothing changes any more. A look that did not reach the server is repeated later.
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
