/**
 * How far long work is, as the server tells it.
 *
 * @typedef {object} JobState
 * @property {string} state
 * @property {string} stage
 * @property {number} done
 * @property {number} total 0 where nobody knows.
 * @property {number} version
 */

/**
 * Whether a state is later than the version that is shown: a stream and an answer may overtake each other.
 *
 * @param {JobState} state
 * @param {string | undefined} shown
 * @returns {boolean}
 */
export function newer(state, shown) {
  return state.version > Number(shown ?? 0);
}

/**
 * What is shown of the count: nothing while the total is unknown, and never more than all.
 *
 * @param {JobState} state
 * @returns {{ done: number, total: number, hidden: boolean }}
 */
export function shownCount({ done, total }) {
  return { done: Math.min(done, total), total, hidden: total === 0 };
}
