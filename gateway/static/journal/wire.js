/**
 * Entries as the API takes them, its answers, and what carries both.
 *
 * @typedef {import("./entries.js").Entry} Entry
 * @typedef {import("./entries.js").Outcome} Outcome
 * @typedef {import("./entries.js").Base} Base
 *
 * @typedef {object} CellView
 * @property {string} text
 * @property {string} marks
 * @property {string | null} seen
 * @property {string | null} mark_id
 * @property {string} comment
 * @property {string} by_name
 * @property {string | null} at
 *
 * @typedef {object} AnswerView
 * @property {string} key
 * @property {"saved" | "conflict" | "refused" | "unavailable"} state
 * @property {CellView | null} cell
 * @property {{ rule: string, detail: string } | null} problem
 */

/** Refusals that a reason settles. */
const ASKS = ["reason-required", "late-reason-required"];

/** @param {Entry} entry */
export function asRequest({ key, place, want, base, comment = null, reason }) {
  return {
    key,
    lesson_id: place.lesson,
    student_id: place.student,
    kind_id: place.kind,
    text: want,
    seen: base.seen,
    comment,
    reason,
  };
}

/**
 * What an answer says. `first`: whether the cell is in the first column of its lesson, which alone shows absences.
 *
 * @param {AnswerView} answer
 * @param {boolean} first
 * @returns {Outcome}
 */
export function outcomeOf({ state, cell, problem }, first) {
  const base = cell === null ? undefined : baseOf(cell, first);
  const told = problem?.detail ?? "";
  if (state === "unavailable") return { outcome: "away", told };
  if (state !== "refused") return { outcome: state, base, told };
  const rule = problem?.rule ?? "";
  return { outcome: ASKS.includes(rule) ? "asked" : "refused", told, rule };
}

/** @param {CellView} cell @param {boolean} first @returns {Base} */
function baseOf({ text, marks, seen, mark_id, comment, by_name, at }, first) {
  return { text: first ? text : marks, seen, mark: mark_id, comment, by: by_name || null, at };
}

/**
 * Sends entries of one course, and learns what became of each.
 *
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
