/**
 * The bar for fingers below the grid: what can be put into the cell by one touch.
 *
 * @typedef {import("./sheet.js").Cell} Cell
 * @typedef {import("./sheet.js").Sheet} Sheet
 */

/**
 * The marks of the column's scale, and the letters of absences, as far as the cell takes them.
 *
 * @param {Pick<import("./sheet.js").Data, "scales" | "codes">} data
 * @param {Pick<import("./sheet.js").Column, "kind" | "first"> | null} column
 * @param {{ marks: boolean, absences: boolean }} takes
 */
export function signsOf({ scales, codes }, column, takes) {
  if (column === null) return [];
  const marks = takes.marks ? scales[column.kind] ?? [] : [];
  return takes.absences && column.first ? [...marks, ...codes] : marks;
}

/**
 * Shows the bar for a cell; a cell that takes nothing has none.
 *
 * @param {HTMLElement} bar
 * @param {Sheet} sheet
 * @param {Cell} cell
 */
export function showBar(bar, sheet, cell) {
  const open = sheet.columnOf(cell) !== null && sheet.rowOf(cell) !== null && sheet.lockedOf(cell) === null;
  bar.hidden = !open;
  if (!open) return;
  const takes = { marks: sheet.takesMarks(cell), absences: sheet.takesAbsences(cell) };
  const signs = signsOf(sheet.data, sheet.columnOf(cell), takes);
  const shown = signs.join(" ");
  if (bar.dataset.signs === shown) return;
  bar.dataset.signs = shown;
  for (const button of bar.querySelectorAll("[data-sign]")) button.remove();
  bar.prepend(...signs.map(button));
}

/** @param {string} sign */
function button(sign) {
  const made = document.createElement("button");
  made.type = "button";
  made.tabIndex = -1;
  made.value = made.textContent = sign;
  made.dataset.sign = "";
  return made;
}
