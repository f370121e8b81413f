/// <reference lib="deno.ns" />
import { deepEqual, equal } from "node:assert/strict";
import { inEditor, inGrid, within } from "../../../gateway/static/journal/keys.js";

const SIZE = { rows: 31, columns: 60 };
const AT = { row: 5, column: 7 };

/** @param {string} key @param {Partial<import("../../../gateway/static/journal/keys.js").Key>} [with_] */
function pressed(key, with_ = {}) {
  return { key, code: "", ctrl: false, shift: false, alt: false, ...with_ };
}

/** @param {string} key @param {Partial<import("../../../gateway/static/journal/keys.js").Key>} [with_] */
function goes(key, with_, at = AT) {
  const action = inGrid(pressed(key, with_), at, SIZE);
  return action?.do === "go" ? [action.to.row, action.to.column] : action?.do;
}

Deno.test("keys lead to cells, and no further than the grid goes", () => {
  deepEqual(goes("ArrowUp"), [4, 7]);
  deepEqual(goes("ArrowRight"), [5, 8]);
  deepEqual(goes("Home"), [5, 0]);
  deepEqual(goes("End"), [5, 59]);
  deepEqual(goes("PageUp"), [1, 7]);
  deepEqual(goes("PageDown"), [15, 7]);
  deepEqual(goes("PageDown", {}, { row: 28, column: 7 }), [30, 7]);
  deepEqual(goes("ArrowDown", { ctrl: true }), [30, 7]);
  deepEqual(goes("ArrowUp", { ctrl: true }), [1, 7]);
  deepEqual(goes("ArrowLeft", { ctrl: true }), [5, 0]);
  deepEqual(goes("Home", { ctrl: true }), [1, 0]);
  deepEqual(goes("End", { ctrl: true }), [30, 59]);
  deepEqual(goes("Enter", { shift: true }), [4, 7]);
  deepEqual(goes("ArrowUp", {}, { row: 1, column: 7 }), [0, 7], "the heads");
  deepEqual(goes("ArrowLeft", {}, { row: 1, column: 0 }), [1, 0]);
  deepEqual(within({ row: 99, column: -1 }, SIZE), { row: 30, column: 0 });
});

Deno.test("Shift extends the range, Ctrl+Space chooses a column, Shift+Space a row, Ctrl+A all", () => {
  deepEqual(inGrid(pressed("ArrowDown", { shift: true }), AT, SIZE), {
    do: "go",
    to: { row: 6, column: 7 },
    extend: true,
  });
  deepEqual(inGrid(pressed(" ", { ctrl: true }), AT, SIZE), {
    do: "select",
    from: { row: 1, column: 7 },
    to: { row: 30, column: 7 },
  });
  deepEqual(inGrid(pressed(" ", { shift: true }), AT, SIZE), {
    do: "select",
    from: { row: 5, column: 0 },
    to: { row: 5, column: 59 },
  });
  equal(inGrid(pressed("a", { ctrl: true, code: "KeyA" }), AT, SIZE)?.do, "select");
});

Deno.test("a letter replaces what stands there, F2 and Enter open it, on a head Enter follows its link", () => {
  deepEqual(inGrid(pressed("5"), AT, SIZE), { do: "edit", text: "5" });
  deepEqual(inGrid(pressed("\u043d"), AT, SIZE), { do: "edit", text: "\u043d" });
  deepEqual(inGrid(pressed("F2"), AT, SIZE), { do: "edit", text: null });
  deepEqual(inGrid(pressed("Enter"), AT, SIZE), { do: "edit", text: null });
  equal(inGrid(pressed("Enter"), { row: 0, column: 7 }, SIZE)?.do, "follow");
  equal(inGrid(pressed("Enter"), AT, SIZE, true)?.do, "follow", "a figure that leads to what it is made of");
  for (const key of ["Delete", "Backspace"]) equal(inGrid(pressed(key), AT, SIZE)?.do, "clear");
  equal(inGrid(pressed("Insert"), AT, SIZE)?.do, "add-column");
  equal(inGrid(pressed("F8"), AT, SIZE)?.do, "settings");
  equal(inGrid(pressed("F2", { shift: true }), AT, SIZE)?.do, "comment");
  equal(inGrid(pressed("F4"), AT, SIZE)?.do, "history");
});

Deno.test("commands are known by the place of their key, as its letter may be Russian", () => {
  const d = pressed("\u0432", { ctrl: true, code: "KeyD" });
  equal(inGrid(d, AT, SIZE)?.do, "fill-down");
  equal(inGrid(pressed("\u044f", { ctrl: true, code: "KeyZ" }), AT, SIZE)?.do, "undo");
  equal(inGrid(pressed("\u042f", { ctrl: true, shift: true, code: "KeyZ" }), AT, SIZE)?.do, "redo");
  equal(inGrid(pressed("\u043d", { ctrl: true, code: "KeyY" }), AT, SIZE)?.do, "redo");
});

Deno.test("Tab leaves the grid, and other keys do what they do elsewhere", () => {
  for (const key of ["Tab", "Escape", "F5", "Shift", "Unidentified"]) equal(inGrid(pressed(key), AT, SIZE), null, key);
  equal(inGrid(pressed("c", { ctrl: true, code: "KeyC" }), AT, SIZE), null);
  equal(inGrid(pressed("ArrowLeft", { alt: true }), AT, SIZE), null, "back in the history");
});

Deno.test("in an editor Enter goes down, Tab right, Escape restores, Ctrl+Enter fills the range", () => {
  deepEqual(inEditor(pressed("Enter"), true), { do: "commit", down: 1, right: 0 });
  deepEqual(inEditor(pressed("Enter", { shift: true }), true), { do: "commit", down: -1, right: 0 });
  deepEqual(inEditor(pressed("Tab"), true), { do: "commit", down: 0, right: 1 });
  deepEqual(inEditor(pressed("Tab", { shift: true }), true), { do: "commit", down: 0, right: -1 });
  equal(inEditor(pressed("Enter", { ctrl: true }), true)?.do, "commit-all");
  equal(inEditor(pressed("Escape"), true)?.do, "cancel");
  equal(inEditor(pressed("5"), true), null);
});

Deno.test("arrows go on from an editor that was opened by typing, and move the caret in one opened by F2", () => {
  deepEqual(inEditor(pressed("ArrowLeft"), true), { do: "commit", down: 0, right: -1 });
  equal(inEditor(pressed("ArrowLeft"), false), null);
  equal(inEditor(pressed("ArrowLeft", { shift: true }), true), null);
});
