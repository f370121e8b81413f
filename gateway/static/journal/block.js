/**
 * A block of cells as spreadsheets copy it: rows are lines, columns are parted by tabs, a cell with line ends is quoted.
 */

/**
 * The cells of a copied text, row by row.
 *
 * @param {string} text
 * @returns {string[][]}
 */
export function blockOf(text) {
  /** @type {string[][]} */
  const rows = [[]];
  const pieces = /"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*)/y;
  let at = 0;
  while (at <= text.length) {
    pieces.lastIndex = at;
    const found = pieces.exec(text);
    const cell = found?.[1]?.replaceAll('""', '"') ?? found?.[2] ?? "";
    rows.at(-1)?.push(cell.replaceAll(/\s+/g, " ").trim());
    at = pieces.lastIndex;
    if (text.startsWith("\r\n", at)) at += 1;
    if (at >= text.length) break;
    if (text[at] !== "\t") rows.push([]);
    at += 1;
  }
  const last = rows.at(-1);
  if (rows.length > 1 && last?.length === 1 && last[0] === "") rows.pop(); // the end of the last line
  return rows;
}

/**
 * @param {string[][]} rows
 * @returns {string}
 */
export function textOfBlock(rows) {
  return rows.map((row) => row.join("\t")).join("\n");
}

/**
 * Where each text of a block goes, from the range's first cell on. One text goes into every cell of the range.
 *
 * @template Cell
 * @param {string[][]} block
 * @param {Cell[][]} range
 * @param {Cell[][]} from The grid from the range's first cell on.
 * @returns {{ cell: Cell, text: string }[]}
 */
export function laid(block, range, from) {
  const [first] = block[0] ?? [];
  if (block.length === 1 && block[0]?.length === 1 && first !== undefined) {
    return range.flat().map((cell) => ({ cell, text: first }));
  }
  return block.flatMap((row, down) =>
    row.flatMap((text, right) => {
      const cell = from[down]?.[right];
      return cell === undefined ? [] : [{ cell, text }];
    })
  );
}

/** How many texts of a block have no cell. @param {string[][]} block @param {unknown[][]} from */
export function beyond(block, from) {
  return block.reduce((sum, row, down) => sum + row.filter((_, right) => from[down]?.[right] === undefined).length, 0);
}
