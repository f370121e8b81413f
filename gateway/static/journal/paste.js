/**
 * A block that was pasted, before it is written: what cannot be read, and what would be replaced, is shown and asked.
 *
 * @typedef {import("./sheet.js").Cell} Cell
 * @typedef {import("./sheet.js").Sheet} Sheet
 * @typedef {import("../api.js").Api} Api
 * @typedef {{ cell: Cell, text: string, fault: string | null, replaces: string }} Piece
 * @typedef {import("./telling.js").Words} Words
 */
import { NoAnswer, Problem } from "../api.js";
import { filled, grouped } from "./telling.js";
import { answerOf } from "./tools.js";
import { outcomeOf } from "./wire.js";

/** Entries of one request. */
const AT_ONCE = 500;

/**
 * Finds out which texts the journal cannot read, and notes it at the pieces. False: it cannot be asked now.
 *
 * @param {Api} api
 * @param {Sheet} sheet
 * @param {Piece[]} pieces
 */
export async function checked(api, sheet, pieces) {
  const readable = pieces.filter(({ fault, text }) => fault === null && text);
  try {
    for (let start = 0; start < readable.length; start += AT_ONCE) {
      const some = readable.slice(start, start + AT_ONCE);
      const entries = some.map(({ cell, text }) => {
        const place = sheet.placeOf(cell);
        const ids = { lesson_id: place?.lesson, student_id: place?.student, kind_id: place?.kind };
        return { key: crypto.randomUUID(), ...ids, text, seen: sheet.baseOf(cell).seen };
      });
      const { body } = await api.post(`/courses/${sheet.data.course}/entries`, { check: true, entries });
      some.forEach((piece, index) => {
        const { outcome, told = "" } = outcomeOf(body.answers[index], true);
        if (outcome === "refused") piece.fault = told;
      });
    }
    return true;
  } catch (error) {
    if (error instanceof NoAnswer || error instanceof Problem) return false;
    throw error;
  }
}

/**
 * Shows the pieces of a block in a dialog. Resolves to those that are to be written; none, if they are not.
 *
 * @param {HTMLDialogElement} dialog
 * @param {{ pieces: Piece[], beyond: number, unchecked: boolean }} pasted
 * @param {Sheet} sheet
 * @returns {Promise<Piece[]>}
 */
export async function agreed(dialog, { pieces, beyond, unchecked }, sheet) {
  const { words } = sheet;
  const good = pieces.filter(({ fault }) => fault === null);
  const replaced = good.filter(({ replaces }) => replaces).length;
  const bad = pieces.length - good.length;
  const rows = grouped(pieces, ({ cell }) => cell.parentElement);
  dialog.querySelector("tbody")?.replaceChildren(...[...rows.values()].map((row) => line(row, sheet)));
  const notes = [
    bad ? filled(words.paste_bad, { count: bad }) : "",
    replaced ? filled(words.paste_replaces, { count: replaced }) : "",
    beyond ? filled(words.paste_beyond, { count: beyond }) : "",
    unchecked ? words.paste_unchecked : "",
  ];
  const told = dialog.querySelector("[data-notes]");
  if (told) told.textContent = notes.filter(Boolean).join(" ");
  const take = /** @type {HTMLButtonElement | null} */ (dialog.querySelector("[value=take]"));
  if (take) {
    take.textContent = filled(words.paste_take, { count: good.length });
    take.hidden = good.length === 0;
  }
  return await answerOf(dialog) === "take" ? good : [];
}

/** @param {Piece[]} row @param {Sheet} sheet */
function line(row, sheet) {
  const made = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = row[0] ? sheet.nameOf(row[0].cell) : "";
  made.append(head, ...row.map((piece) => cellOf(piece, sheet.words)));
  return made;
}

/** @param {Piece} piece @param {Words} words */
function cellOf({ text, fault, replaces }, words) {
  const cell = document.createElement("td");
  cell.textContent = text || (words.empty ?? "");
  if (fault !== null) cell.className = "unread";
  const note = fault ?? (replaces && filled(words.paste_instead, { before: replaces }));
  if (note) {
    const small = document.createElement("small");
    small.textContent = note;
    cell.append(small);
  }
  return cell;
}
