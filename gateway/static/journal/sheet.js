/**
 * The table of a journal: which cell is whose, what the journal holds in it, why nothing can be written there.
 *
 * @typedef {import("./entries.js").Base} Base
 * @typedef {import("./entries.js").Entry} Entry
 * @typedef {import("./entries.js").Place} Place
 * @typedef {HTMLTableCellElement} Cell
 *
 * @typedef {object} Column
 * @property {string} lesson
 * @property {string} kind
 * @property {string} date In words, as its head shows it.
 * @property {string} about The kind of work and its weight.
 * @property {string} topic
 * @property {string} standing How its lesson stands to the timetable, which is why its column is shaded; empty as planned.
 * @property {boolean} first The first column of its lesson: absences stand there.
 * @property {boolean} marks Whether the visitor may set marks in it now.
 * @property {boolean} absences Whether absences can be entered in its lesson now.
 * @property {boolean} checked Whether somebody noted who was absent.
 * @property {string} why Why no marks can be set; empty if they can.
 * @property {string} said How its marks count, where not as any others.
 * @property {boolean} helps Whether its marks count only where they raise the mean.
 * @property {[day: string, time: string]} shown From when families see its marks; empty where at once.
 * @property {number | null} version Of what was said of it; null where nothing was.
 *
 * @typedef {{ student: string, own: boolean, why: string }} Row
 * @typedef {{ id: string, name: string, about: string, short: string }} Kind
 *
 * @typedef {{ student_id: string, mean?: string | null, missed?: number | null, late?: number | null }} Figures
 * @typedef {[row: number, column: number, text: string, seen: string, mark: string | null, comment: string]} CellArray
 *
 * @typedef {object} Data What the page says of its table.
 * @property {string} course
 * @property {string} term
 * @property {string} title
 * @property {"none" | "own" | "all"} absences Whose absences the visitor may enter.
 * @property {string} column The address of a lesson's column form, with `LESSON` for its id.
 * @property {Column[]} columns
 * @property {Row[]} rows
 * @property {Kind[]} kinds
 * @property {Record<string, string[]>} scales Kind of work -> the marks of its scale, the best first.
 * @property {string[]} codes Of absences.
 */

/** @type {Base} */
const EMPTY = { text: "", seen: null };
/** Of a column that was just added. */
const NOTHING_SAID = { said: "", helps: false, shown: /** @type {[string, string]} */ (["", ""]), version: null };

export class Sheet {
  /** @type {Map<string, Base>} what the journal holds, where it is not what the page came with */
  #learnt = new Map();

  /** @param {HTMLTableElement} table @param {Data} data @param {import("./telling.js").Words} words */
  constructor(table, data, words) {
    this.table = table;
    this.data = data;
    this.words = words;
  }

  /** The column of a cell; null for names and for figures at the end. @param {Cell} cell */
  columnOf(cell) {
    return this.data.columns[cell.cellIndex - 1] ?? null;
  }

  /** @param {Cell} cell */
  rowOf(cell) {
    return this.data.rows[rowIndex(cell) - 1] ?? null;
  }

  /** @param {Cell} cell */
  nameOf(cell) {
    return cell.parentElement?.firstElementChild?.textContent?.trim() ?? "";
  }

  /** What names the cell of a student in a column; null for heads and figures. @param {Cell} cell */
  idOf(cell) {
    const column = this.columnOf(cell);
    const row = this.rowOf(cell);
    return column === null || row === null ? null : idOf(column, row);
  }

  /** @param {Cell} cell @returns {Place | null} */
  placeOf(cell) {
    const column = this.columnOf(cell);
    const row = this.rowOf(cell);
    if (column === null || row === null) return null;
    return {
      id: idOf(column, row),
      course: this.data.course,
      lesson: column.lesson,
      kind: column.kind,
      student: row.student,
      words: { student: this.nameOf(cell), lesson: `${column.date}, ${column.about}`, course: this.data.title },
    };
  }

  /** The cell of an entry; null if the page does not show it. @param {Pick<Place, "lesson" | "kind" | "student">} place @returns {Cell | null} */
  cellOf({ lesson, kind, student }) {
    const column = this.data.columns.findIndex((one) => one.lesson === lesson && one.kind === kind);
    const row = this.data.rows.findIndex((one) => one.student === student);
    return column < 0 || row < 0 ? null : this.table.rows[row + 1]?.cells[column + 1] ?? null;
  }

  /** The cell of an id that `idOf` gave. @param {string} id */
  cellById(id) {
    const [lesson = "", kind = "", student = ""] = id.split("|");
    return this.cellOf({ lesson, kind, student });
  }

  /** What the journal holds in a cell. @param {Cell} cell @returns {Base} */
  baseOf(cell) {
    const id = this.idOf(cell);
    if (id === null) return { ...EMPTY, text: cell.textContent?.trim() ?? "" };
    const known = this.#learnt.get(id);
    if (known !== undefined) return known;
    const base = asRendered(cell);
    this.#learnt.set(id, base);
    return base;
  }

  /** @param {string} id @param {Base} base */
  learn(id, base) {
    this.#learnt.set(id, base);
  }

  /**
   * Takes over what the journal holds now, as the API's sheet tells it; returns the cells in which something else stands.
   *
   * @param {{ columns: { lesson_id: string, kind_id: string, checked: boolean | null }[], rows: Figures[], cells: CellArray[] }} view
   */
  renew({ columns, rows, cells }) {
    /** @type {Map<string, Base>} */
    const found = new Map();
    for (const [row, column, text, seen, mark, comment] of cells) {
      const id = `${columns[column]?.lesson_id}|${columns[column]?.kind_id}|${rows[row]?.student_id}`;
      found.set(id, { text, seen, mark, comment });
    }
    for (const figures of rows) this.showFigures(figures);
    const checked = new Set(columns.filter((one) => one.checked).map(({ lesson_id }) => lesson_id));
    for (const column of this.data.columns) column.checked ||= checked.has(column.lesson);
    const shown = [...this.table.tBodies].flatMap((body) => [...body.rows].flatMap((row) => [...row.cells]));
    return shown.filter((cell) => {
      const id = this.idOf(cell);
      if (id === null) return false;
      const before = this.baseOf(cell);
      const now = found.get(id) ?? EMPTY;
      this.learn(id, now);
      return before.text !== now.text || (before.comment ?? "") !== (now.comment ?? "");
    });
  }

  /** The figures at the end of a student's row, as far as they are told. @param {Figures} figures */
  showFigures({ student_id, ...figures }) {
    const row = this.table.rows[this.data.rows.findIndex(({ student }) => student === student_id) + 1];
    for (const cell of row?.querySelectorAll("[data-figure]") ?? []) {
      const name = /** @type {HTMLElement} */ (cell).dataset.figure ?? "";
      const figure = /** @type {Record<string, string | number | null | undefined>} */ (figures)[name];
      if (figure === undefined) continue;
      const shown = figure === null ? "\u2013" : String(figure);
      const place = cell.querySelector("a") ?? cell; // the way to what it is made of stays
      place.textContent = document.documentElement.lang === "ru" ? shown.replace(".", ",") : shown;
    }
  }

  /** Whether a cell holds a figure that leads to what it is made of. @param {Cell} cell */
  isExplained(cell) {
    return cell.dataset.figure !== undefined && cell.querySelector("a") !== null;
  }

  /** Whether a comment can be set beside what stands in a cell. @param {Cell} cell @param {string} text */
  takesComment(cell, text) {
    return text !== "" && this.takesMarks(cell);
  }

  /** @param {Cell} cell */
  takesMarks(cell) {
    return isInside(cell) && this.rowOf(cell)?.why === "" && (this.columnOf(cell)?.marks ?? false);
  }

  /** @param {Cell} cell */
  takesAbsences(cell) {
    const whose = this.data.absences === "all" || (this.data.absences === "own" && this.rowOf(cell)?.own);
    return isInside(cell) && whose === true && (this.columnOf(cell)?.absences ?? false);
  }

  /** Why nothing can be written into a cell; null if something can. @param {Cell} cell @returns {string | null} */
  lockedOf(cell) {
    const column = this.columnOf(cell);
    const row = this.rowOf(cell);
    if (column === null || row === null) return this.words.computed ?? "";
    if (!isInside(cell)) return cell.title;
    if (this.takesAbsences(cell) || this.takesMarks(cell)) return null;
    return column.why || row.why || (this.words.locked ?? "");
  }

  /**
   * A further column of a lesson, behind its others; the one that is there, if there is.
   *
   * @param {string} lesson
   * @param {Kind} kind
   * @returns {number} Its index among the columns; -1 if the page does not show the lesson.
   */
  addColumn(lesson, kind) {
    const { columns } = this.data;
    const there = columns.findIndex((one) => one.lesson === lesson && one.kind === kind.id);
    const last = columns.findLastIndex((one) => one.lesson === lesson);
    const beside = columns[last];
    if (there >= 0 || beside === undefined) return there;
    columns.splice(last + 1, 0, { ...beside, ...NOTHING_SAID, kind: kind.id, about: kind.about, first: false });
    for (const row of this.table.rows) {
      const model = row.cells[last + 1];
      if (model === undefined) continue;
      const made = /** @type {Cell} */ (model.cloneNode(false));
      made.removeAttribute("aria-label");
      for (const name of ["seen", "comment", "state", "more"]) delete made.dataset[name];
      made.tabIndex = -1;
      if (row.rowIndex === 0) made.append(...headOf(model, kind));
      model.after(made);
    }
    return last + 1;
  }
}

/**
 * Puts what stands in a cell there, as the server writes it.
 *
 * @param {Cell} cell
 * @param {string} text
 */
export function write(cell, text) {
  if (cell.textContent === text && cell.querySelector("input") === null) return;
  const pieces = text.split(/([ /])/).map((piece) => {
    if (!piece.trim() || piece === "/") return piece;
    const span = document.createElement("span");
    span.className = classOf(piece);
    span.textContent = piece;
    return span;
  });
  cell.replaceChildren(...pieces);
}

/** How an entry of a cell looks. @param {string} piece */
function classOf(piece) {
  if (piece.startsWith(".")) return "owed";
  if (/^\p{Lu}+$/u.test(piece)) return "absent";
  return /^[12][+-]?$/.test(piece) ? "given mark-2" : "given";
}

/** @param {Cell} cell @returns {Base} */
function asRendered(cell) {
  const link = /** @type {HTMLAnchorElement | null} */ (cell.querySelector("a.given"));
  return {
    text: cell.textContent?.trim() ?? "",
    seen: cell.dataset.seen ?? null,
    mark: link?.pathname.split("/").at(-1) ?? null,
    comment: cell.dataset.comment ?? "",
  };
}

/** @param {Cell} head @param {Kind} kind */
function headOf(head, kind) {
  const date = document.createElement("span");
  date.textContent = head.querySelector("a, span")?.textContent ?? "";
  const work = document.createElement("span");
  work.className = "work";
  work.textContent = kind.short;
  return [date, document.createElement("br"), work];
}

/** @param {Column} column @param {Row} row */
function idOf(column, row) {
  return `${column.lesson}|${column.kind}|${row.student}`;
}

/** Whether the student was in the course then. @param {Cell} cell */
function isInside(cell) {
  return !cell.classList.contains("outside");
}

/** @param {Cell} cell */
function rowIndex(cell) {
  return /** @type {HTMLTableRowElement} */ (cell.parentElement).rowIndex;
}
