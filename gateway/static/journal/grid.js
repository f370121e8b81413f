/**
 * A table that becomes a grid to type in: one tab stop, arrows between cells, a range, an editor, clipboard, undo.
 * It knows nothing of marks.
 *
 * @typedef {HTMLTableCellElement} Cell
 * @typedef {{ cell: Cell, text: string, note?: string }} Change `note` stands beside the text; left out, it stays.
 * @typedef {{ cell: Cell, text: string | null, note?: string }} Step A change back; null: the text stays as it is then.
 *
 * @typedef {object} Model
 * @property {(cell: Cell) => string} read
 * @property {(cell: Cell) => string} noteOf What stands beside the text of a cell.
 * @property {(changes: Change[]) => void} write
 * @property {(cell: Cell) => string | null} locked Why nothing can be written into a cell; null if it can.
 * @property {(cell: Cell) => boolean} leads Whether a cell's link is followed, by Enter and by a click.
 * @property {(cell: Cell) => void} show Puts into a cell what is to stand there.
 * @property {(cell: Cell, count: number) => void} moved The cell that has the keyboard now, and how many are chosen.
 * @property {(cell: Cell, why: string) => void} refuse
 * @property {(block: string[][], range: Cell[][], from: Cell[][]) => void} paste
 * @property {(cell: Cell) => void} addColumn
 * @property {(cell: Cell) => void} settings How the cell's column counts.
 * @property {(cell: Cell) => void} comment
 * @property {(cell: Cell) => void} history
 */
import { blockOf, textOfBlock } from "./block.js";
import { inEditor, inGrid, within } from "./keys.js";

/** Steps that can be undone. */
const REMEMBERED = 200;
/** Letters of a cell. */
export const LONGEST = 40;

export class Grid {
  /** @type {Cell[][]} the first row holds the heads of the columns */
  cells = [];
  at = { row: 1, column: 0 };
  /** The other corner of the range. */
  anchor = { row: 1, column: 0 };
  /** @type {HTMLInputElement | null} */
  editor = null;
  #byTyping = false;
  /** @type {Set<Cell>} */
  #chosen = new Set();
  /** @type {Step[][]} */
  #undone = [];
  /** @type {Step[][]} */
  #redone = [];

  /**
   * @param {HTMLTableElement} table Its first column holds the rows' names.
   * @param {Model} model
   * @param {Cell | null} start
   */
  constructor(table, model, start) {
    this.table = table;
    this.model = model;
    this.readCells();
    table.setAttribute("role", "grid");
    table.setAttribute("aria-multiselectable", "true");
    for (const link of table.querySelectorAll("a")) link.tabIndex = -1;
    const spot = this.spotOf(start);
    if (spot !== null) this.at = this.anchor = { ...spot, row: 1 };
    this.active.tabIndex = 0;
    // not every browser knows the style that says where to scroll to at first
    this.active.scrollIntoView({ block: "nearest", inline: "nearest" });
    table.addEventListener("keydown", (event) => this.#onKey(event));
    table.addEventListener("mousedown", (event) => this.#onMouse(event));
    table.addEventListener("mouseover", (event) => this.#onDrag(event));
    table.addEventListener("click", (event) => this.#onClick(event));
    table.addEventListener("dblclick", () => this.edit(null));
    document.addEventListener("copy", (event) => this.#onCopy(event));
    document.addEventListener("paste", (event) => this.#onPaste(event));
  }

  /** Reads the table's cells anew, after columns were added. */
  readCells() {
    this.cells = [...this.table.rows].map((row) => [...row.cells].slice(1));
  }

  /** @returns {Cell} */
  get active() {
    return this.#cellAt(this.at);
  }

  get size() {
    return { rows: this.cells.length, columns: this.cells[0]?.length ?? 0 };
  }

  /** The cells of the range, row by row. */
  get range() {
    const [top, bottom] = sorted(this.at.row, this.anchor.row);
    const [left, right] = sorted(this.at.column, this.anchor.column);
    return this.cells.slice(top, bottom + 1).map((row) => row.slice(left, right + 1));
  }

  /** Whether the keyboard is in the grid. */
  get hasFocus() {
    return this.table.contains(document.activeElement);
  }

  /** @param {Cell | null} cell */
  spotOf(cell) {
    if (cell === null) return null;
    const row = /** @type {HTMLTableRowElement} */ (cell.parentElement).rowIndex;
    return cell.cellIndex > 0 ? { row, column: cell.cellIndex - 1 } : null;
  }

  /**
   * @param {{ row: number, column: number }} to
   * @param {{ extend?: boolean, focus?: boolean }} [how]
   */
  go(to, { extend = false, focus = true } = {}) {
    this.active.tabIndex = -1;
    this.at = within(to, this.size);
    if (!extend) this.anchor = this.at;
    this.active.tabIndex = 0;
    if (focus) this.active.focus({ preventScroll: true });
    this.active.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#markRange();
    this.model.moved(this.active, this.#chosen.size);
  }

  /** @param {{ row: number, column: number }} from @param {{ row: number, column: number }} to */
  select(from, to) {
    this.go(from);
    this.go(to, { extend: true });
  }

  /**
   * Opens the editor in the cell. `text` replaces what stands there, as the first letter that is typed does.
   *
   * @param {string | null} text
   */
  edit(text) {
    const cell = this.active;
    if (this.editor !== null) return;
    const why = this.model.locked(cell);
    if (why !== null) return this.model.refuse(cell, why);
    const input = document.createElement("input");
    input.value = text ?? this.model.read(cell);
    input.autocomplete = "off";
    input.maxLength = LONGEST;
    input.spellcheck = false;
    input.enterKeyHint = "next";
    input.setAttribute("aria-label", this.table.dataset.editing ?? "");
    this.#byTyping = text !== null;
    this.editor = input;
    cell.removeAttribute("tabindex"); // the editor is the stop now
    cell.classList.add("editing");
    cell.replaceChildren(input);
    input.focus({ preventScroll: true });
    input.addEventListener("blur", () => this.commit());
  }

  /** Closes the editor and writes what was typed into some cells, else into its own. @param {Cell[]} into */
  commit(into = [this.active]) {
    const text = this.#close();
    if (text !== null) this.write(into.map((cell) => ({ cell, text })));
  }

  /** @returns {string | null} */
  #close() {
    const editor = this.editor;
    if (editor === null) return null;
    this.editor = null;
    const focused = document.activeElement === editor;
    this.active.classList.remove("editing");
    this.active.tabIndex = 0;
    this.model.show(this.active);
    if (focused) this.active.focus({ preventScroll: true });
    return editor.value.trim();
  }

  /** Writes what differs into cells that take it, and remembers how it was. @param {Change[]} changes */
  write(changes) {
    this.#redone = [];
    this.#write(changes, this.#undone);
  }

  /** @param {Step[]} steps @param {Step[][]} past */
  #write(steps, past) {
    const changes = steps.map((step) => ({ ...step, text: step.text ?? this.model.read(step.cell) }));
    const open = changes.filter(({ cell }) => this.model.locked(cell) === null);
    const [shut] = changes.filter(({ cell }) => this.model.locked(cell) !== null);
    if (shut && !open.length) this.model.refuse(shut.cell, this.model.locked(shut.cell) ?? "");
    const real = open.filter(({ cell, text, note }) =>
      this.model.read(cell) !== text || (note !== undefined && this.model.noteOf(cell) !== note)
    );
    if (!real.length) return;
    past.push(real.map((change) => this.#before(change)));
    if (past.length > REMEMBERED) past.shift();
    this.model.write(real);
    this.model.moved(this.active, this.#chosen.size);
  }

  /** How a cell is before a change. An empty cell loses its note with its text. @param {Change} change @returns {Step} */
  #before({ cell, text, note }) {
    const [stands, beside] = [this.model.read(cell), this.model.noteOf(cell)];
    const goes = note !== undefined || (text === "" && beside !== "");
    return { cell, text: text === stands ? null : stands, ...(goes ? { note: beside } : {}) };
  }

  undo() {
    const changes = this.#undone.pop();
    if (changes) this.#write(changes, this.#redone);
  }

  redo() {
    const changes = this.#redone.pop();
    if (changes) this.#write(changes, this.#undone);
  }

  /** Writes the first row of the range into the others. */
  fillDown() {
    const [first = [], ...others] = this.range;
    const texts = first.map((cell) => this.model.read(cell));
    this.write(others.flatMap((row) => row.map((cell, index) => ({ cell, text: texts[index] ?? "" }))));
  }

  /** Writes one text into the whole range. @param {string} text */
  fill(text) {
    this.write(this.range.flat().map((cell) => ({ cell, text })));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.isComposing) return;
    const { key, code, shiftKey: shift, altKey: alt } = event;
    const pressed = { key, code, shift, alt, ctrl: event.ctrlKey || event.metaKey };
    const leads = this.at.row === 0 || this.model.leads(this.active);
    const action = this.editor ? inEditor(pressed, this.#byTyping) : inGrid(pressed, this.at, this.size, leads);
    if (action !== null && this.#does(action)) event.preventDefault();
  }

  /** @param {import("./keys.js").Action} action @returns {boolean} */
  #does(action) {
    const done = action.do;
    if (done === "go") this.go(action.to, { extend: action.extend });
    else if (done === "select") this.select(action.from, action.to);
    else if (done === "edit") this.edit(action.text);
    else if (done === "commit") this.#commitAndGo(action.down, action.right);
    else if (done === "commit-all") this.commit(this.range.flat());
    else if (done === "cancel") this.#close();
    else if (done === "clear") this.fill("");
    else if (done === "fill-down") this.fillDown();
    else if (done === "undo") this.undo();
    else if (done === "redo") this.redo();
    else if (done === "add-column") this.model.addColumn(this.active);
    else if (done === "settings") this.model.settings(this.active);
    else if (done === "comment") this.model.comment(this.active);
    else if (done === "history") this.model.history(this.active);
    else if (done === "follow") this.active.querySelector("a")?.click();
    return true;
  }

  /** @param {number} down @param {number} right */
  #commitAndGo(down, right) {
    this.commit();
    this.go({ row: this.at.row + down, column: this.at.column + right });
  }

  /** @param {MouseEvent} event */
  #onMouse(event) {
    if (event.button !== 0 || event.target === this.editor) return;
    const spot = this.spotOf(cellOf(event.target));
    if (spot === null || (spot.row === 0 && event.target instanceof Element && event.target.closest("a"))) return;
    event.preventDefault();
    if (this.editor) this.commit();
    this.go(spot, { extend: event.shiftKey });
  }

  /** Draws the range with a pressed button. @param {MouseEvent} event */
  #onDrag(event) {
    const spot = event.buttons === 1 && this.hasFocus && !this.editor ? this.spotOf(cellOf(event.target)) : null;
    if (spot !== null && spot.row > 0) this.go(spot, { extend: true });
  }

  /** Where one can write, a link is followed from the line that tells of the cell. @param {MouseEvent} event */
  #onClick(event) {
    const cell = cellOf(event.target);
    if (cell === null || cell.tagName !== "TD" || this.model.leads(cell)) return;
    if (!event.ctrlKey && !event.metaKey) event.preventDefault();
  }

  /** @param {ClipboardEvent} event */
  #onCopy(event) {
    if (this.editor || !this.hasFocus) return;
    const texts = this.range.map((row) => row.map((cell) => this.model.read(cell)));
    event.clipboardData?.setData("text/plain", textOfBlock(texts));
    event.preventDefault();
  }

  /** @param {ClipboardEvent} event */
  #onPaste(event) {
    if (this.editor || !this.hasFocus) return;
    const [top] = sorted(this.at.row, this.anchor.row);
    const [left] = sorted(this.at.column, this.anchor.column);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    this.model.paste(blockOf(text), this.range, this.cells.slice(top).map((row) => row.slice(left)));
    event.preventDefault();
  }

  #markRange() {
    for (const cell of this.#chosen) cell.removeAttribute("aria-selected");
    const chosen = this.range.flat();
    this.#chosen = new Set(chosen.length > 1 ? chosen : []);
    for (const cell of this.#chosen) cell.setAttribute("aria-selected", "true");
  }

  /** @param {{ row: number, column: number }} spot @returns {Cell} */
  #cellAt({ row, column }) {
    const cell = this.cells[row]?.[column];
    if (cell === undefined) throw new RangeError(`no cell ${row}, ${column}`);
    return cell;
  }
}

/** @param {number} one @param {number} other @returns {[number, number]} */
function sorted(one, other) {
  return one < other ? [one, other] : [other, one];
}

/** @param {EventTarget | null} target @returns {Cell | null} */
function cellOf(target) {
  return target instanceof Element ? /** @type {Cell | null} */ (target.closest("td, th")) : null;
}
