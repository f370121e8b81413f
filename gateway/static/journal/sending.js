/**
 * Sends entries of one course, and learns what became of each.
 *
 * @typedef {import("./entries.js").Entry} Entry
 * @typedef {import("./entries.js").Outcome} Outcome
 */
import { asRequest, outcomeOf } from "./wire.js";

/**
 * @param {import("../api.js").Api} api
 * @param {Entry[]} entries
 * @param {(entry: Entry) => boolean} isFirst Whether its cell is in the first column of the lesson.
 * @returns {Promise<Map<string, Outcome>>} By the entries' keys.
 */
export async function sent(api, entries, isFirst) {
  const { body } = await api.post(`/courses/${entries[0]?.place.course}/entries`, { entries: entries.map(asRequest) });
  const firsts = new Map(entries.map((entry) => [entry.key, isFirst(entry)]));
  /** @type {Map<string, Outcome>} */
  const outcomes = new Map();
  for (const answer of body.answers) outcomes.set(answer.key, outcomeOf(answer, firsts.get(answer.key) ?? true));
  return outcomes;
}
