// A journal on paper: its columns stand in blocks, one table below the other, as none is as wide as a term.
// The names stand in each. The blocks are there only while the page is printed.

/** Lessons that fit beside the names on a sheet held upright. */
const COLUMNS = 15;
const NAME_MM = 45;
const COLUMN_MM = 9.4;

/** The table with its first column and those from `start` to before `end`.
 * @param {HTMLTableElement} table
 * @param {number} start
 * @param {number} end
 */
function block(table, start, end) {
  const part = /** @type {HTMLTableElement} */ (table.cloneNode(true));
  part.querySelector("colgroup")?.remove();
  for (const row of part.rows) {
    [...row.cells].forEach((cell, index) => {
      if (index > 0 && (index < start || index >= end)) cell.remove();
    });
  }
  part.style.width = `${NAME_MM + COLUMN_MM * (end - start)}mm`;
  return part;
}

function layOut() {
  clear();
  for (const screen of document.querySelectorAll(".grid-scroll")) {
    const table = screen.querySelector("table");
    if (!table) continue;
    const paper = document.createElement("div");
    paper.className = "on-paper";
    const width = table.rows[0]?.cells.length ?? 0;
    for (let start = 1; start < width; start += COLUMNS) {
      paper.append(block(table, start, Math.min(start + COLUMNS, width)));
    }
    screen.after(paper);
  }
}

function clear() {
  for (const paper of document.querySelectorAll(".on-paper")) paper.remove();
}

addEventListener("beforeprint", layOut);
addEventListener("afterprint", clear);
