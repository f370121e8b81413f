/**
 * What becomes of a cell between a keystroke and the journal: pure functions, no page and no network.
 *
 * @typedef {object} Base What the journal holds in a cell.
 * @property {string} text As it is written there.
 * @property {string | null} seen What the journal takes as a proof that this is what was seen.
 * @property {string | null} [by] Who wrote it, in words.
 * @property {string | null} [at] When, as ISO 8601 says it.
 * @property {string | null} [mark] The id of its mark.
 * @property {string} [comment] For the family.
 *
 * @typedef {object} Place A cell by its ids, and in words for lists of another page.
 * @property {string} id Names the cell in the browser.
 * @property {string} course
 * @property {string} lesson
 * @property {string} kind
 * @property {string} student
 * @property {{ student: string, lesson: string, course: string }} words
 *
 * @typedef {"waiting" | "sending" | "conflict" | "refused" | "asked"} State `asked`: the journal asks for the reason.
 *
 * @typedef {object} Entry What a cell is to become: one for each cell.
 * @property {string} cell
 * @property {Place} place
 * @property {string} key Under it the journal carries the wish out once, however often it is sent.
 * @property {Base} base What stood there when it was typed.
 * @property {string} want
 * @property {string | null} next What was typed while nobody knew whether `want` had arrived.
 * @property {string | null} [comment] What the family is to read beside the mark; null: it stays as it is.
 * @property {string | null} [nextComment] The same as `next`.
 * @property {State} state
 * @property {boolean} tried It was sent and no answer came: it goes again, under its key, before anything newer.
 * @property {Base | null} present What the journal holds instead, in a conflict.
 * @property {string} told Why it was refused, in words.
 * @property {string} rule The name of what was broken then.
 * @property {string} reason Why what stood there is changed.
 * @property {number} since When it was typed, in milliseconds since 1970.
 *
 * @typedef {object} Outcome What the journal answered to one entry.
 * @property {"saved" | "conflict" | "refused" | "asked" | "away"} outcome `away`: it may be saved later.
 * @property {Base} [base] What it holds now.
 * @property {string} [told]
 * @property {string} [rule]
 *
 * @typedef {() => string} NewKey
 */

/**
 * @typedef {object} Typed
 * @property {Place} place
 * @property {Base} base
 * @property {string} text
 * @property {string | null} [comment] Left out, it stays as it is.
 * @property {string} [why] The reason of a change of the comment alone.
 * @property {NewKey} newKey
 * @property {number} now
 */

/**
 * The entry after a text or a comment was typed; null where nothing is left to send.
 *
 * @param {Entry | null} entry
 * @param {Typed} typed
 * @returns {Entry | null}
 */
export function typed(entry, { place, base, text, comment, why = "", newKey, now }) {
  const wished = text ? comment ?? (entry && commentOf(entry)) : null; // where nothing stands, there is nothing to say
  if (entry !== null && isUnderWay(entry)) {
    return {
      ...entry,
      next: text === entry.want ? null : text,
      nextComment: wished === (entry.comment ?? null) ? null : wished,
    };
  }
  const stands = entry?.present ?? entry?.base ?? base;
  if (isSaid(text, wished, stands)) return null;
  const alone = wished !== null && text === stands.text;
  return {
    cell: place.id,
    place,
    key: newKey(),
    base: entry?.base ?? base,
    want: text,
    next: null,
    comment: wished,
    nextComment: null,
    state: entry?.state === "conflict" ? "conflict" : "waiting",
    tried: false,
    present: entry?.present ?? null,
    told: "",
    rule: "",
    reason: alone ? why : entry !== null && commentOf(entry) === null ? entry.reason : "",
    since: entry?.since ?? now,
  };
}

/** What the cell of an entry shows. @param {Entry} entry */
export function textOf(entry) {
  return entry.next ?? entry.want;
}

/** The comment that the family is to read; null: it stays as it is. @param {Entry} entry */
export function commentOf(entry) {
  return entry.nextComment ?? entry.comment ?? null;
}

/** Whether this stands already. @param {string} text @param {string | null} comment @param {Base} stands */
function isSaid(text, comment, stands) {
  return text === stands.text && (comment === null || comment === (stands.comment ?? ""));
}

/** Whether something was typed behind what is on its way. @param {Entry} entry */
function hasNext({ next, nextComment = null }) {
  return next !== null || nextComment !== null;
}

/** Whether it is to be sent now. @param {Entry} entry */
export function isToSend(entry) {
  return entry.state === "waiting" || entry.state === "sending";
}

/** Whether its person has to say something before it can go on. @param {Entry} entry */
export function needsPerson(entry) {
  return !isToSend(entry);
}

/** The entry on its way. @param {Entry} entry @returns {Entry} */
export function onItsWay(entry) {
  return { ...entry, state: "sending" };
}

/** An entry of which nobody knows whether it arrived. @param {Entry} entry @returns {Entry} */
export function unanswered(entry) {
  return { ...entry, state: "waiting", tried: true };
}

/** An entry that surely did not arrive. @param {Entry} entry @param {NewKey} newKey @returns {Entry | null} */
export function unsent(entry, newKey) {
  if (entry.tried) return { ...entry, state: "waiting" };
  return renewed(entry, { state: "waiting" }, newKey);
}

/** An entry that was refused with all that was sent at once. @param {Entry} entry @param {string} told @param {string} rule @param {NewKey} newKey */
export function refused(entry, told, rule, newKey) {
  return renewed(entry, { state: "refused", told, rule }, newKey);
}

/**
 * What is left of an entry by the journal's answer to the wish of a key; null where the journal holds what is wanted.
 *
 * @param {Entry | null} entry
 * @param {string} key
 * @param {Outcome} answer
 * @param {NewKey} newKey
 * @returns {Entry | null}
 */
export function answered(entry, key, { outcome, base, told = "", rule = "" }, newKey) {
  if (entry === null || entry.key !== key) return entry; // another page of this browser heard it already
  if (outcome === "away") return unanswered(entry); // a part of it may be saved
  if (outcome === "saved") {
    const stands = base ?? { ...entry.base, text: entry.want };
    const comment = entry.nextComment ?? null;
    if (isSaid(entry.next ?? stands.text, comment, stands)) return null;
    return renewed(entry, { base: stands, state: "waiting" }, newKey);
  }
  if (outcome === "conflict" && base) {
    if (isSaid(textOf(entry), commentOf(entry), base)) return null;
    return renewed(entry, { state: "conflict", present: base }, newKey);
  }
  if (hasNext(entry)) return renewed(entry, { state: "waiting" }, newKey);
  return { ...entry, state: outcome === "asked" ? "asked" : "refused", told, rule, tried: false };
}

/**
 * The entry after its person decided a conflict; null where what the journal holds is to stay.
 *
 * @param {Entry | null} entry
 * @param {boolean} mine
 * @param {NewKey} newKey
 * @returns {Entry | null}
 */
export function decided(entry, mine, newKey) {
  if (entry === null || entry.state !== "conflict" || !entry.present) return entry;
  if (!mine) return null;
  const reason = commentOf(entry) === null ? entry.reason : "";
  return renewed(entry, { base: entry.present, present: null, state: "waiting", reason }, newKey);
}

/** The entry with the reason that the journal asked for. @param {Entry | null} entry @param {string} reason @param {NewKey} newKey @returns {Entry | null} */
export function explained(entry, reason, newKey) {
  if (entry === null || entry.state !== "asked") return entry;
  return renewed(entry, { reason, told: "", rule: "", state: "waiting" }, newKey);
}

/** @param {Entry} entry */
function isUnderWay(entry) {
  return entry.state === "sending" || entry.tried;
}

/**
 * A wish of its own, which nobody has heard of yet.
 *
 * @param {Entry} entry
 * @param {Partial<Entry>} change
 * @param {NewKey} newKey
 * @returns {Entry}
 */
function renewed(entry, change, newKey) {
  const want = textOf(entry);
  const comment = want ? commentOf(entry) : null;
  // the reason of a comment is none of another text
  const reason = entry.next !== null && commentOf(entry) !== null ? "" : entry.reason;
  return { ...entry, want, next: null, comment, nextComment: null, reason, tried: false, key: newKey(), ...change };
}
