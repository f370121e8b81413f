/**
 * What stands around the grid: the bar for fingers below it, by which one touch fills a cell, and dialogs.
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

/**
 * Shows a dialog; resolves to the value of the button by which it was closed, empty if it was left.
 *
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<string>}
 */
export function answerOf(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}

/**
 * The comment that a person wrote beside a mark; null where it is to stay as it is.
 *
 * @param {HTMLDialogElement} dialog
 * @param {string} whose The mark, in words.
 * @param {string} comment What stands there.
 * @returns {Promise<string | null>}
 */
export async function commentFrom(dialog, whose, comment) {
  const input = dialog.querySelector("input");
  const about = dialog.querySelector("[data-about]");
  if (input === null || about === null) return null;
  about.textContent = whose;
  input.value = comment;
  return await answerOf(dialog) === "save" ? input.value.trim() : null;
}

/**
 * Shows the form of what is said of a column, filled in; to send it leads to the journal again.
 *
 * @param {HTMLDialogElement} dialog
 * @param {import("./sheet.js").Column} column
 */
export function showSettings(dialog, column) {
  const form = dialog.querySelector("form");
  const about = dialog.querySelector("[data-about]");
  if (form === null || about === null) return;
  about.textContent = `${column.date}, ${column.about}`;
  form.action = (form.dataset.action ?? "").replace(/0{8}-[0-]+/, column.lesson);
  fieldOf(form, "kind_id").value = column.kind;
  fieldOf(form, "version").value = String(column.version ?? "");
  fieldOf(form, "only_if_helps").checked = column.helps;
  [fieldOf(form, "visible_day").value, fieldOf(form, "visible_time").value] = column.shown;
  dialog.showModal();
}

/** @param {HTMLFormElement} form @param {string} name */
function fieldOf(form, name) {
  return /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
}
