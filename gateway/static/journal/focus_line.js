/**
 * What is told of the cell that has the keyboard: in a line above the table, with the ways from it, and in a sentence for
 * those who listen.
 *
 * @typedef {import("./sheet.js").Cell} Cell
 * @typedef {import("./sheet.js").Sheet} Sheet
 */
import { cellInWords, filled } from "./telling.js";

/**
 * The sentence: student, date, kind of work, what stands there, its comment, what becomes of it, how the
 * lesson stands to the timetable, why nothing can be written.
 *
 * @param {Sheet} sheet
 * @param {Cell} cell
 * @param {{ text: string, comment: string, state: string | null, count: number }} shown
 */
export function sentenceOf(sheet, cell, { text, comment, state, count }) {
  const { words } = sheet;
  const chosen = count > 1 ? filled(words.chosen, { count }) : "";
  const leads = sheet.isExplained(cell) ? words.leads : "";
  const { standing = "" } = sheet.columnOf(cell) ?? {};
  const said = [...partsOf(sheet, cell, cellInWords(text, state, words, comment)), standing, lockedOf(sheet, cell)];
  return [...said, leads, chosen].filter(Boolean).join(", ");
}

/**
 * The line: the same, with topic, comment and links.
 *
 * @param {HTMLElement} line
 * @param {Sheet} sheet
 * @param {Cell} cell
 * @param {{ text: string, comment: string, state: string | null, told: string }} shown
 */
export function showLine(line, sheet, cell, { text, comment, state, told }) {
  const { topic = "", said = "", standing = "" } = sheet.columnOf(cell) ?? {};
  const [who = "", ...about] = partsOf(sheet, cell, cellInWords(text, state, sheet.words));
  const strong = document.createElement("strong");
  strong.textContent = who;
  const others = [about.join(" \u00b7 "), said, topic, standing, comment, told, lockedOf(sheet, cell)].filter(Boolean);
  line.replaceChildren(strong, ...others.map(part), ...links(sheet, cell));
}

/** @param {Sheet} sheet @param {Cell} cell @param {string} said What stands in it, in words. */
function partsOf(sheet, cell, said) {
  const column = sheet.columnOf(cell);
  const head = sheet.table.rows[0]?.cells[cell.cellIndex]?.textContent?.trim() ?? "";
  const about = column === null ? [head] : [column.date, column.about];
  if (cell.tagName === "TH") return about;
  return [sheet.nameOf(cell), ...about, said];
}

/** @param {Sheet} sheet @param {Cell} cell */
function lockedOf(sheet, cell) {
  return cell.tagName === "TH" ? "" : sheet.lockedOf(cell) ?? "";
}

/** @param {string} text */
function part(text) {
  const made = document.createElement("span");
  made.textContent = text;
  return made;
}

/** The ways from a cell, as links. @param {Sheet} sheet @param {Cell} cell */
function links(sheet, cell) {
  const ways = sheet.columnOf(cell) === null ? waysOfFigure(sheet, cell) : waysOfPlace(sheet, cell);
  return ways.map(([href = "", text = ""]) => {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = text;
    return link;
  });
}

/** The histories of what stands in a cell; a key opens the first. @param {Sheet} sheet @param {Cell} cell */
export function historiesIn(sheet, cell) {
  const column = sheet.columnOf(cell);
  if (column === null) return [];
  const student = sheet.rowOf(cell)?.student ?? null;
  const { mark = null, seen } = student === null ? { seen: null } : sheet.baseOf(cell);
  const checked = column.first && (column.checked || (seen ?? "").includes("a")); // an absence checks its class
  return historiesOf(sheet.data, { lesson: column.lesson, student, mark, checked });
}

/** What a figure is made of, and what it would be. @param {Sheet} sheet @param {Cell} cell @returns {[string, string?][]} */
function waysOfFigure(sheet, cell) {
  const link = cell.querySelector("a");
  if (link === null || !sheet.isExplained(cell)) return [];
  return [[link.href, sheet.words.how], [`${link.href}#forecast`, sheet.words.what_if]];
}

/** The histories of what stands there, the forms of its column. @param {Sheet} sheet @param {Cell} cell @returns {[string, string?][]} */
function waysOfPlace(sheet, cell) {
  const head = sheet.table.rows[0]?.cells[cell.cellIndex];
  const names = { mark: sheet.words.history, attendance: sheet.words.attended, lesson: sheet.words.described };
  /** @type {[string, string?][]} */
  const ways = [...head?.querySelectorAll("a") ?? []].map((link) => [link.href, link.dataset.way ?? link.title]);
  return [
    ...historiesIn(sheet, cell).map(({ of, href }) => /** @type {[string, string?]} */ ([href, names[of]])),
    ...ways,
  ];
}

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
