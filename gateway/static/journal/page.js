/**
 * The journal's page: its grid, what was typed and is not saved yet, and what is said of both.
 *
 * @typedef {import("./entries.js").Base} Base
 * @typedef {import("./entries.js").Entry} Entry
 * @typedef {import("./entries.js").Outcome} Outcome
 * @typedef {import("./sheet.js").Cell} Cell
 * @typedef {(entry: Entry | null) => Entry | null} Change
 */
import { apiOf, NoAnswer, Problem } from "../api.js";
import { beyond, laid } from "./block.js";
import { Delivery } from "./delivery.js";
import { commentOf, decided, explained, isToSend, textOf, typed } from "./entries.js";
import { historiesIn, sentenceOf, showLine } from "./focus_line.js";
import { Grid, LONGEST } from "./grid.js";
import { historyAt, showHistory } from "./history.js";
import { Needs } from "./needs.js";
import { Outbox } from "./outbox.js";
import { agreed, checked } from "./paste.js";
import { Sheet, write as writeCell } from "./sheet.js";
import { cellInWords, filled, stateOf } from "./telling.js";
import { answerOf, commentFrom, showBar, showSettings } from "./tools.js";
import { sent } from "./wire.js";

/** Milliseconds without a key before what was typed is sent. */
const SOON = 400;
/** Milliseconds during which a cell shows that it was saved. */
const SAVED_SHOWN = 2_000;
/** Milliseconds after the last answer, before the page reads what follows from it, such as means. */
const QUIET = 1_000;
/** Milliseconds after which the page reads the journal anew for whoever comes back to it. */
const FRESH = 20_000;
const CHANNEL = "lyceum-outbox";
const INVALID = ["conflict", "refused", "asked"];

const table = /** @type {HTMLTableElement} */ (document.querySelector("table[data-sheet]"));
const { account = "", school } = document.body.dataset;
const api = apiOf({ account, school });
const { words, reasons, ...data } = JSON.parse(byId("sheet-data").textContent ?? "{}");
const sheet = new Sheet(table, data, words);
const newKey = () => crypto.randomUUID();

/** @type {Map<string, Entry>} what the outbox holds, by cell */
const entries = new Map();
/** @type {Set<string>} cells that show that they were saved */
const saved = new Set();
/** @type {import("./delivery.js").Line} */
let line = "well";
/** @type {Map<string, number>} cells whose entries are being kept: how often */
const keeping = new Map();
let readAt = Date.now();
/** The version of the journal that was read last. @type {string | null} */
let etag = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let reading;
/** How often the journal told what it holds in cells. */
let answers = 0;

const outbox = await Outbox.open(account, table.dataset.seal ?? "");
const news = new BroadcastChannel(CHANNEL);
const delivery = new Delivery(outbox, (batch) => sent(api, batch, ({ place }) => isFirst(place)), {
  changed,
  told,
  line: reached,
});
const grid = new Grid(table, {
  read: textIn,
  noteOf: commentIn,
  write: (changes) => void write(changes),
  locked: (cell) => sheet.lockedOf(cell),
  leads: (cell) => sheet.isExplained(cell),
  show,
  moved: tellOf,
  refuse: (cell, why) => say(`${sheet.nameOf(cell)}: ${why}`),
  paste: (block, range, from) => void paste(block, range, from),
  addColumn: (cell) => void addColumn(cell),
  settings,
  comment: (cell) => void comment(cell),
  history: (cell) => void history(cell),
}, table.querySelector("th[data-start]"));
const needs = new Needs(byId("sheet-needs"), words, reasons, {
  decide: (entry, mine) => void decide([entry], (now) => decided(now, mine, newKey)),
  drop: (some) => void decide(some, () => null),
  explain: (some, reason) => void decide(some, (now) => explained(now, reason, newKey)),
  reach,
});

addEventListener("online", () => delivery.soon(0));
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  delivery.soon(0);
  if (Date.now() - readAt > FRESH) void refresh();
});
addEventListener("pagehide", () => grid.commit());
addEventListener("beforeunload", (event) => {
  grid.commit();
  if (keeping.size > 0) event.preventDefault(); // a few milliseconds
});
news.addEventListener("message", ({ data: heard }) => void hear(heard));
document.addEventListener("lyceum-leaving", (event) => {
  /** @type {CustomEvent<{ first?: () => Promise<void> }>} */ (event).detail.first = async () => {
    grid.commit();
    await delivery.now();
  };
});
const bar = document.getElementById("sheet-bar");
bar?.addEventListener("mousedown", (event) => event.preventDefault()); // the cell keeps the keyboard
bar?.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("button") : null;
  if (button) press(button.value);
});
document.getElementById("sheet-add")?.addEventListener("click", () => void addColumn(grid.active));
document.getElementById("sheet-settings")?.addEventListener("click", () => settings(grid.active));
document.getElementById("sheet-comment")?.addEventListener("click", () => void comment(grid.active));
await begin();

async function begin() {
  for (const one of /** @type {NodeListOf<Cell>} */ (table.querySelectorAll("td[data-comment]"))) show(one);
  for (const entry of await outbox.all()) take(entry.cell, entry);
  for (const one of document.querySelectorAll("[data-grid-only]")) one.removeAttribute("hidden");
  table.parentElement?.removeAttribute("tabindex"); // the grid has a stop of its own
  grid.go({ row: 1, column: grid.at.column }, { focus: document.activeElement === document.body });
  const { others } = await outbox.count();
  const notes = [
    others && filled(words.others, { count: others }),
    outbox.unread && filled(words.unread, { count: outbox.unread }),
  ];
  byId("sheet-others").textContent = notes.filter(Boolean).join(" ");
  tell();
  delivery.soon(0);
  table.dataset.ready = "yes";
  performance.mark("lyceum-grid-ready");
}

/** What a cell shows, or is to. @param {Cell} cell */
function textIn(cell) {
  const entry = entryIn(cell);
  return entry ? textOf(entry) : sheet.baseOf(cell).text;
}

/** What the family reads beside a mark, or is to: where none stands, nothing. @param {Cell} cell */
function commentIn(cell) {
  if (textIn(cell) === "") return "";
  const entry = entryIn(cell);
  return (entry && commentOf(entry)) ?? sheet.baseOf(cell).comment ?? "";
}

/** @param {Cell} cell */
function entryIn(cell) {
  return entries.get(sheet.idOf(cell) ?? "") ?? null;
}

// --- what was typed

/** @param {import("./grid.js").Change[]} changes */
async function write(changes) {
  /** @type {Map<string, Change>} */
  const wishes = new Map();
  for (const { cell, text, note } of changes) {
    const id = sheet.idOf(cell);
    if (id !== null) wishes.set(id, wish(cell, { text, comment: note }));
  }
  await update(wishes);
  delivery.soon(SOON);
}

/** What becomes of a cell's entry when something is typed. @param {Cell} cell @param {{ text?: string, comment?: string }} what @returns {Change} */
function wish(cell, { text, comment }) {
  const place = sheet.placeOf(cell);
  const now = Date.now();
  // asked for when the outbox is read: an answer may have come in between
  return (entry) => {
    const base = sheet.baseOf(cell);
    const stands = entry ? textOf(entry) : base.text;
    const why = words.comment_why;
    return place && typed(entry, { place, base, text: text ?? stands, comment, why, newKey, now });
  };
}

/** What a person decided about entries. @param {Entry[]} some @param {Change} how */
async function decide(some, how) {
  await update(new Map(some.map(({ cell }) => [cell, how])));
  delivery.soon(0);
  grid.go(grid.at);
}

/** Shows changes at once, then keeps them. @param {Map<string, Change>} changes */
async function update(changes) {
  for (const [id, how] of changes) {
    take(id, how(entries.get(id) ?? null));
    keeping.set(id, (keeping.get(id) ?? 0) + 1);
  }
  tell();
  /** @type {Map<string, Entry | null>} */
  let left = new Map();
  try {
    left = await outbox.update(changes);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    say(words.not_kept); // no room on the disk
    byId("sheet-others").textContent = words.not_kept;
  } finally {
    for (const id of changes.keys()) {
      const others = (keeping.get(id) ?? 1) - 1;
      if (others > 0) keeping.set(id, others);
      else keeping.delete(id);
    }
  }
  changed(left);
}

/** What the outbox holds of some cells; of one that was typed into since, it will be told. @param {Map<string, Entry | null>} left */
function changed(left) {
  for (const [id, entry] of left) if (!keeping.has(id)) take(id, entry);
  tell();
  news.postMessage({ changed: [...left.keys()] });
}

/** @param {string} id @param {Entry | null} entry */
function take(id, entry) {
  if (entry) entries.set(id, entry);
  else entries.delete(id);
  const cell = sheet.cellById(id) ?? (entry && madeFor(entry));
  if (cell) show(cell);
}

/** The cell of an entry in a column that was added for it, before this page was loaded. @param {Entry} entry */
function madeFor({ place }) {
  const kind = sheet.data.kinds.find(({ id }) => id === place.kind);
  if (place.course !== data.course || !kind || sheet.addColumn(place.lesson, kind) < 0) return null;
  grid.readCells();
  return sheet.cellOf(place);
}

// --- what the journal says

/** @param {import("./entries.js").Place} place */
function isFirst(place) {
  const cell = sheet.cellOf(place);
  return cell === null || (sheet.columnOf(cell)?.first ?? true);
}

/** @param {Map<string, Outcome>} outcomes */
function told(outcomes) {
  answers += 1;
  /** @type {[string, Base][]} */
  const learnt = [];
  for (const [id, { outcome, base }] of outcomes) {
    if (base) learnt.push([id, base]);
    if (outcome === "saved") saved.add(id);
  }
  for (const [id, base] of learnt) sheet.learn(id, base);
  setTimeout(() => outcomes.forEach((_, id) => forget(id)), SAVED_SHOWN);
  news.postMessage({ learnt });
}

/** @param {string} id */
function forget(id) {
  saved.delete(id);
  const cell = sheet.cellById(id);
  if (cell) show(cell);
}

/** @param {import("./delivery.js").Line} now */
function reached(now) {
  line = now;
  tell();
  if (now === "well") refreshSoon();
}

/** What another page of this browser changed or learnt. @param {{ learnt?: [string, Base][], changed?: string[] }} heard */
async function hear({ learnt = [], changed: ids = [] }) {
  for (const [id, base] of learnt) sheet.learn(id, base);
  if (ids.length === 0) return;
  const kept = new Map((await outbox.all()).map((entry) => [entry.cell, entry]));
  for (const id of new Set([...ids, ...entries.keys()])) if (!keeping.has(id)) take(id, kept.get(id) ?? null);
  tell();
  delivery.soon(SAVED_SHOWN); // should that page be gone
}

/** Reads the journal anew once nothing is typed for a moment: means have changed. */
function refreshSoon() {
  clearTimeout(reading);
  reading = setTimeout(() => [...entries.values()].some(isToSend) ? refreshSoon() : void refresh(), QUIET);
}

/** Reads the journal anew: others write in it, too. */
async function refresh() {
  readAt = Date.now();
  const before = answers;
  try {
    const { status, body, etag: version } = await api.get(`/courses/${data.course}/sheet?term_id=${data.term}`, {
      etag,
    });
    if (status === 304 || before !== answers) return; // or older than what was told meanwhile
    etag = version;
    for (const cell of sheet.renew(body)) show(cell);
  } catch (error) {
    if (!(error instanceof NoAnswer || error instanceof Problem)) throw error;
  }
}

// --- what is shown and said

/** Puts what stands in a cell there, with its state. @param {Cell} cell */
function show(cell) {
  const entry = entryIn(cell);
  const state = entry?.state ?? (saved.has(sheet.idOf(cell) ?? "") ? "saved" : null);
  if (grid.editor === null || !cell.contains(grid.editor)) writeCell(cell, textIn(cell));
  if (cell === grid.active) tellLine(cell);
  const comment = commentIn(cell);
  put(cell, "data-state", state);
  put(cell, "data-comment", comment || null);
  put(cell, "aria-label", state || comment ? cellInWords(textIn(cell), state, words, comment) : null);
  put(cell, "aria-invalid", INVALID.includes(state ?? "") ? "true" : null);
}

/** @param {Element} one @param {string} name @param {string | null} value */
function put(one, name, value) {
  if (value === null) one.removeAttribute(name);
  else one.setAttribute(name, value);
}

/** How it stands with everything. */
function tell() {
  const { state, text } = stateOf(entries.values(), line, words);
  const place = byId("sheet-state");
  place.dataset.state = state;
  if (place.textContent !== text) place.textContent = text;
  needs.show([...entries.values()]);
}

/** @param {Cell} cell @param {number} count */
function tellOf(cell, count) {
  const state = entryIn(cell)?.state ?? null;
  say(sentenceOf(sheet, cell, { text: textIn(cell), comment: commentIn(cell), state, count }));
  tellLine(cell);
}

/** @param {Cell} cell */
function tellLine(cell) {
  const entry = entryIn(cell);
  showLine(byId("sheet-focus"), sheet, cell, {
    text: textIn(cell),
    comment: commentIn(cell),
    state: entry?.state ?? null,
    told: entry?.told ?? "",
  });
  if (bar) showBar(bar, sheet, cell);
  const button = document.getElementById("sheet-comment");
  if (button) button.hidden = !sheet.takesComment(cell, textIn(cell));
  const settingsButton = document.getElementById("sheet-settings");
  if (settingsButton) settingsButton.hidden = !sheet.columnOf(cell)?.marks;
}

/** @param {string} text */
function say(text) {
  byId("sheet-live").textContent = text;
}

// --- what else can be done

/** @param {Entry} entry */
function reach(entry) {
  const cell = sheet.cellOf(entry.place);
  const spot = cell && grid.spotOf(cell);
  if (!spot) return;
  grid.go(spot);
  grid.edit(null);
}

/** A button of the bar for fingers. @param {string} value */
function press(value) {
  if (value === "edit") return grid.edit(null);
  grid.fill(value);
  grid.go({ row: grid.at.row + 1, column: grid.at.column });
}

/** @param {string[][]} block @param {Cell[][]} range @param {Cell[][]} from */
async function paste(block, range, from) {
  const pieces = laid(block, range, from).filter(({ cell, text }) => textIn(cell) !== text).map(({ cell, text }) => ({
    cell,
    text,
    fault: sheet.lockedOf(cell) ?? (text.length > LONGEST ? words.too_long : null),
    replaces: textIn(cell),
  }));
  const one = block.length === 1 && block[0]?.length === 1;
  const outside = one ? 0 : beyond(block, from);
  const unchecked = !one && !await checked(api, sheet, pieces);
  const plain = outside === 0 && !unchecked && pieces.every(({ fault, replaces }) => fault === null && !replaces);
  const dialog = /** @type {HTMLDialogElement} */ (byId("sheet-paste"));
  grid.write(one || plain ? pieces : await agreed(dialog, { pieces, beyond: outside, unchecked }, sheet));
  grid.go(grid.at);
}

/** A further column of the lesson in which the keyboard is, for another kind of work. @param {Cell} at */
async function addColumn(at) {
  const column = sheet.columnOf(at);
  // where nobody of the rows takes marks, the page offers no column
  if (column === null || !column.marks || document.getElementById("sheet-add") === null) return;
  const there = sheet.data.columns.filter(({ lesson }) => lesson === column.lesson).map(({ kind }) => kind);
  const kinds = sheet.data.kinds.filter(({ id }) => !there.includes(id));
  const dialog = /** @type {HTMLDialogElement} */ (byId("sheet-column"));
  const choice = dialog.querySelector("select");
  if (choice === null || kinds.length === 0) return say(words.no_more_kinds);
  choice.replaceChildren(...kinds.map(({ id, about }) => new Option(about, id)));
  const kind = await answerOf(dialog) === "add" ? kinds.find(({ id }) => id === choice.value) : undefined;
  const index = kind ? sheet.addColumn(column.lesson, kind) : -1;
  grid.readCells();
  grid.go(index < 0 ? grid.at : { row: Math.max(1, grid.at.row), column: index });
}

/** How the marks of a cell's column count, in a form that leads back to the journal. @param {Cell} at */
function settings(at) {
  const column = sheet.columnOf(at);
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("sheet-of-column"));
  if (column !== null && column.marks && dialog !== null) showSettings(dialog, column);
}

/** Shows the history of what stands in a cell; its page, where it cannot be shown here. @param {Cell} cell */
async function history(cell) {
  const [way] = historiesIn(sheet, cell);
  if (!way) return say(words.no_history);
  const found = await historyAt(way.href);
  if (cell !== grid.active || grid.editor !== null || document.querySelector("dialog[open]")) return; // one went on
  if (found === null) location.assign(way.href);
  else showHistory(/** @type {HTMLDialogElement} */ (byId("sheet-history")), way.href, found);
}

/** What the family is to read beside a mark. @param {Cell} cell */
async function comment(cell) {
  if (!sheet.takesComment(cell, textIn(cell))) return say(words.no_comment);
  const whose = sentenceOf(sheet, cell, { text: textIn(cell), comment: "", state: null, count: 1 });
  const written = await commentFrom(
    /** @type {HTMLDialogElement} */ (byId("sheet-for-family")),
    whose,
    commentIn(cell),
  );
  if (written !== null) grid.write([{ cell, text: textIn(cell), note: written }]);
  grid.go(grid.at);
}

/** @param {string} id @returns {HTMLElement} */
function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element ${id}`);
  return found;
}
