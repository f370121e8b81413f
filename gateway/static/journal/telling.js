/**
 * What the journal's page says, by the words of its language.
 *
 * @typedef {import("./entries.js").Entry} Entry
 * @typedef {import("./delivery.js").Line} Line
 * @typedef {Record<string, string>} Words
 */
import { needsPerson } from "./entries.js";

/**
 * A sentence with values in the places of their names.
 *
 * @param {string | undefined} sentence
 * @param {Record<string, string | number>} [values]
 */
export function filled(sentence = "", values = {}) {
  return sentence.replaceAll(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/**
 * How it stands with everything that was typed, and the state that the line shows by its colour.
 *
 * @param {Iterable<Entry>} entries
 * @param {Line} line
 * @param {Words} words
 * @returns {{ state: "saved" | "waiting" | "offline" | "over" | "needs", text: string }}
 */
export function stateOf(entries, line, words) {
  const all = [...entries];
  const needs = all.filter(needsPerson).length;
  const waiting = all.length - needs;
  const sentences = [];
  if (needs) sentences.push(filled(words.needs, { count: needs }));
  if (waiting) sentences.push(filled(words[line === "well" ? "waiting" : line], { count: waiting }));
  if (sentences.length === 0) return { state: "saved", text: words.all ?? "" };
  const reached = line === "well" ? "waiting" : line === "offline" || line === "away" ? "offline" : "over";
  return { state: needs ? "needs" : reached, text: sentences.join(" ") };
}

/**
 * How a cell is read: what stands there, its comment, and what becomes of it.
 *
 * @param {string} text
 * @param {string | null} state
 * @param {Words} words
 * @param {string} [comment]
 */
export function cellInWords(text, state, words, comment = "") {
  const said = [text || (words.empty ?? ""), comment && filled(words.commented, { comment })];
  if (state !== null) said.push(words[`is_${state}`] ?? state);
  return said.filter(Boolean).join(", ");
}

/** A cell's text with its comment, where one is to be told. @param {string} text @param {string | null | undefined} comment @param {Words} words */
export function withComment(text, comment, words) {
  const shown = text || (words.empty ?? "");
  return comment ? `${shown} (${comment})` : shown;
}

/** A moment as the page's language writes it. @param {string | null | undefined} at @param {string} language */
export function moment(at, language) {
  if (!at) return "";
  return new Date(at).toLocaleString(language, { dateStyle: "short", timeStyle: "short" });
}

/**
 * Things that have the same key, in the order of their first ones: `Map.groupBy`, which browsers of old machines lack.
 *
 * @template Thing, Key
 * @param {Iterable<Thing>} things
 * @param {(thing: Thing) => Key} keyOf
 * @returns {Map<Key, Thing[]>}
 */
export function grouped(things, keyOf) {
  /** @type {Map<Key, Thing[]>} */
  const found = new Map();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = found.get(key);
    if (group) group.push(thing);
    else found.set(key, [thing]);
  }
  return found;
}
