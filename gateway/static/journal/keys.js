/**
 * What a key does in the journal's grid, as in spreadsheets and the grid pattern of the ARIA practices.
 *
 * @typedef {object} Key
 * @property {string} key
 * @property {string} code The key's place: with Russian letters the key of Ctrl+D is another one.
 * @property {boolean} ctrl Ctrl, or Command.
 * @property {boolean} shift
 * @property {boolean} alt
 *
 * @typedef {object} Spot
 * @property {number} row 0: the heads.
 * @property {number} column
 *
 * @typedef {{ rows: number, columns: number }} Size
 *
 * @typedef {{ do: "go", to: Spot, extend: boolean }} Going
 * @typedef {{ do: "select", from: Spot, to: Spot }} Selecting
 * @typedef {{ do: "edit", text: string | null }} Editing `text`: what the editor begins with, null: what stands there.
 * @typedef {{ do: "clear" | "fill-down" | "undo" | "redo" | "cancel" | "follow" | "add-column" | "settings" | "comment" | "history" }} Doing
 * @typedef {{ do: "commit", down: number, right: number } | { do: "commit-all" }} Committing
 * @typedef {Going | Selecting | Editing | Doing | Committing} Action
 */

/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const PAGE = 10;

/**
 * What a key does while no cell is edited; null: what it does elsewhere.
 *
 * @param {Key} pressed
 * @param {Spot} at
 * @param {Size} size
 * @param {boolean} leads Whether the cell is a way to another page, as heads are.
 * @returns {Action | null}
 */
export function inGrid(pressed, at, size, leads = at.row === 0) {
  const { key, shift, alt } = pressed;
  if (alt) return null;
  const moved = moving(pressed, at, size);
  if (moved !== null) return { do: "go", to: within(moved, size), extend: shift };
  if (pressed.ctrl) return commanded(pressed, at, size);
  if (key === "Enter" && shift) return { do: "go", to: within({ ...at, row: at.row - 1 }, size), extend: false };
  if (key === "Enter") return leads ? { do: "follow" } : { do: "edit", text: null };
  if (key === "F2") return shift ? { do: "comment" } : { do: "edit", text: null };
  if (key === "F4") return { do: "history" };
  if (key === "Delete" || key === "Backspace") return { do: "clear" };
  if (key === "Insert") return { do: "add-column" };
  if (key === "F8") return { do: "settings" };
  if (key === " " && shift) {
    return { do: "select", from: { row: at.row, column: 0 }, to: { row: at.row, column: size.columns - 1 } };
  }
  if ([...key].length === 1 && key !== " ") return { do: "edit", text: key };
  return null;
}

/**
 * What a key does in an open editor. In one that was opened by typing, arrows commit and go on, else they move the caret.
 *
 * @param {Key} pressed
 * @param {boolean} byTyping
 * @returns {Action | null}
 */
export function inEditor({ key, ctrl, shift, alt }, byTyping) {
  if (alt) return null;
  if (key === "Escape") return { do: "cancel" };
  if (key === "Enter" && ctrl) return { do: "commit-all" };
  if (key === "Enter") return { do: "commit", down: shift ? -1 : 1, right: 0 };
  if (key === "Tab") return { do: "commit", down: 0, right: shift ? -1 : 1 };
  const step = STEPS[key];
  if (step === undefined || !byTyping || ctrl || shift) return null;
  return { do: "commit", down: step[0], right: step[1] };
}

/** @param {Spot} to @param {Size} size @returns {Spot} */
export function within(to, { rows, columns }) {
  return { row: Math.max(0, Math.min(to.row, rows - 1)), column: Math.max(0, Math.min(to.column, columns - 1)) };
}

/** @param {Key} pressed @param {Spot} at @param {Size} size @returns {Spot | null} */
function moving({ key, ctrl }, { row, column }, { rows, columns }) {
  const step = STEPS[key];
  if (step !== undefined) {
    const [down, right] = step;
    if (!ctrl) return { row: row + down, column: column + right };
    return {
      row: down === 0 ? row : down < 0 ? 1 : rows - 1,
      column: right === 0 ? column : right < 0 ? 0 : columns - 1,
    };
  }
  if (key === "Home") return { row: ctrl ? 1 : row, column: 0 };
  if (key === "End") return { row: ctrl ? rows - 1 : row, column: columns - 1 };
  if (key === "PageUp") return { row: Math.max(Math.min(row, 1), row - PAGE), column };
  if (key === "PageDown") return { row: row + PAGE, column };
  return null;
}

/** @param {Key} pressed @param {Spot} at @param {Size} size @returns {Action | null} */
function commanded({ key, code, shift }, at, { rows, columns }) {
  const last = { row: rows - 1, column: columns - 1 };
  if (key === " ") return { do: "select", from: { row: 1, column: at.column }, to: { ...at, row: last.row } };
  if (code === "KeyA") return { do: "select", from: { row: 1, column: 0 }, to: last };
  if (code === "KeyD") return { do: "fill-down" };
  if (code === "KeyZ") return { do: shift ? "redo" : "undo" };
  if (code === "KeyY") return { do: "redo" };
  return null;
}
