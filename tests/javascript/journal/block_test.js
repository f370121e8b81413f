/// <reference lib="deno.ns" />
import { deepEqual, equal } from "node:assert/strict";
import { beyond, blockOf, laid, textOfBlock } from "../../../gateway/static/journal/block.js";

const GRID = [["a1", "b1"], ["a2", "b2"], ["a3", "b3"]];

Deno.test("a block is read as spreadsheets copy it", () => {
  deepEqual(blockOf("5\t4\r\n3\t\r\n"), [["5", "4"], ["3", ""]]);
  deepEqual(blockOf("5"), [["5"]]);
  deepEqual(blockOf("5\n\n4\n"), [["5"], [""], ["4"]]);
  deepEqual(blockOf("\t\n"), [["", ""]]);
  deepEqual(blockOf(" 5 \t\u00a0"), [["5", ""]]);
});

Deno.test("a cell with line ends or quotes is one cell", () => {
  deepEqual(blockOf('"5\n4"\t"say ""a"""\n3\t2'), [["5 4", 'say "a"'], ["3", "2"]]);
  deepEqual(blockOf('5"\t4'), [['5"', "4"]]);
});

Deno.test("what was copied reads as the same block", () => {
  deepEqual(blockOf(textOfBlock([["5", ""], ["O 4", "3/2"]])), [["5", ""], ["O 4", "3/2"]]);
});

Deno.test("a block goes where the range begins, and what has no cell is counted", () => {
  const block = [["5", "4"], ["3", "2"]];
  const to = laid(block, [["a2"]], GRID.slice(1));
  deepEqual(to.map(({ cell, text }) => [cell, text]), [["a2", "5"], ["b2", "4"], ["a3", "3"], ["b3", "2"]]);
  equal(beyond(block, GRID.slice(1)), 0);
  const last = GRID.slice(2).map((row) => row.slice(1));
  deepEqual(laid(block, [["b3"]], last), [{ cell: "b3", text: "5" }]);
  equal(beyond(block, last), 3);
});

Deno.test("one text goes into every cell of the range", () => {
  deepEqual(laid([["5"]], [["a1"], ["a2"]], GRID), [{ cell: "a1", text: "5" }, { cell: "a2", text: "5" }]);
});
