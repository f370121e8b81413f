/**
 * What the load of a day is told as, while a teacher types homework.
 *
 * @typedef {object} Loaded
 * @property {string} title
 * @property {number | null} minutes
 *
 * @typedef {object} Load What `GET /lessons/{lesson_id}/load` answers.
 * @property {string | null} day
 * @property {Loaded[]} homework
 * @property {Loaded[]} control_works
 * @property {{ ru: string[], en: string[] }} told
 * @property {{ ru: string[], en: string[] }} warnings
 *
 * @typedef {{ control: string, homework: string, minutes: string }} Words
 */

/** As the field of the topic has it. */
const LONGEST_TOPIC = 500;

/**
 * The address of the load, as if the homework were due on a day and took so many minutes, and the lesson had a topic.
 * Null: nothing to ask for, as nothing is typed. What cannot be read is left out: saving says what is wrong with it.
 *
 * @param {string} lesson
 * @param {{ homework: string, due: string, minutes: string, topic: string }} typed
 * @returns {string | null}
 */
export function addressOf(lesson, { homework, due, minutes, topic }) {
  if (homework.trim() === "" && minutes.trim() === "" && topic.trim() === "") return null;
  const asked = new URLSearchParams();
  if (topic.trim() !== "") asked.set("topic", topic.trim().slice(0, LONGEST_TOPIC));
  if (/^\d{4}-\d{2}-\d{2}$/.test(due)) asked.set("due", due);
  const number = Number(minutes);
  if (Number.isInteger(number) && number >= 1 && number <= 600) asked.set("minutes", String(number));
  const query = asked.toString();
  return `/lessons/${lesson}/load${query ? `?${query}` : ""}`;
}

/**
 * The sentences about a load, and those of them that warn, which are not told twice.
 *
 * @param {Load} load
 * @param {string} language
 * @param {Words} words
 * @returns {{ told: string[], warnings: string[] }}
 */
export function sentencesOf(load, language, words) {
  const of = language === "ru" ? "ru" : "en";
  const told = load.told[of].filter((one) => !load.warnings[of].some((warning) => warning.startsWith(one)));
  const others = load.homework.map(({ title, minutes }) =>
    minutes === null ? title : `${title} (${minutes} ${words.minutes})`
  );
  if (others.length > 0) told.push(`${words.homework}: ${others.join(", ")}.`);
  if (load.control_works.length > 0) {
    told.push(`${words.control}: ${load.control_works.map(({ title }) => title).join(", ")}.`);
  }
  return { told, warnings: load.warnings[of] };
}
