/**
 * The addresses to which the journal's grid leads.
 */

/**
 * What of a place can have a history; `student` is null for the head of a column.
 *
 * @typedef {object} Spot
 * @property {string} lesson
 * @property {string | null} student
 * @property {string | null} mark
 * @property {boolean} checked Whether somebody noted who was absent, and it is told in this column.
 */

/**
 * The histories of a place, the first being the one that a key opens: of its mark, of the student's attendance, and of
 * the lesson's topic and homework.
 *
 * @param {{ course: string, term: string }} journal
 * @param {Spot} spot
 * @returns {{ of: "mark" | "attendance" | "lesson", href: string }[]}
 */
export function historiesOf({ course, term }, { lesson, student, mark, checked }) {
  if (student === null) return [{ of: "lesson", href: `/lessons/${lesson}/homework/history` }];
  /** @type {{ of: "mark" | "attendance", href: string }[]} */
  const found = [];
  if (mark !== null) {
    found.push({ of: "mark", href: `/mark/${mark}?${new URLSearchParams({ student, course, term })}` });
  }
  if (checked) {
    const place = `/lessons/${lesson}/students/${student}/absence`;
    found.push({ of: "attendance", href: `${place}?${new URLSearchParams({ course, term })}` });
  }
  return found;
}
