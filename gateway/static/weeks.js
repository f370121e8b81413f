/** Milliseconds of a week. */
const WEEK = 7 * 24 * 60 * 60 * 1000;

/**
 * Whether the week of a day is an odd or an even one of the school year: weeks are counted by Mondays, and the year
 * begins in the first. Null for what is no day of the year.
 *
 * @param {string} day As a field of a date has it: YYYY-MM-DD.
 * @param {string} starts The first day of the year, likewise.
 * @param {string} ends The last one.
 * @returns {"odd" | "even" | null}
 */
export function parityOf(day, starts, ends) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || day < starts || day > ends) return null;
  const first = new Date(`${starts}T00:00:00Z`);
  const monday = first.setUTCDate(first.getUTCDate() - (first.getUTCDay() + 6) % 7);
  const weeks = Math.floor((Date.parse(`${day}T00:00:00Z`) - monday) / WEEK);
  return Number.isNaN(weeks) ? null : weeks % 2 === 0 ? "odd" : "even";
}
