/**
 * Brings what was typed to the journal, page by page of this browser one at a time, until nothing waits.
 *
 * @typedef {import("./entries.js").Entry} Entry
 * @typedef {import("./entries.js").Outcome} Outcome
 * @typedef {import("./outbox.js").Outbox} Outbox
 * @typedef {"well" | "offline" | "away" | "over" | "other-account"} Line How the journal was reached the last
 * time; `away`: but for a part of it.
 *
 * @typedef {object} Heard
 * @property {(cells: Map<string, Entry | null>) => void} changed
 * @property {(outcomes: Map<string, Outcome>) => void} told What the journal answered, by cell.
 * @property {(line: Line) => void} line
 */
import { answered, isToSend, onItsWay, refused, unanswered, unsent } from "./entries.js";
import { NoAnswer, Problem } from "../api.js";

/** Held by the page that sends. */
const SENDER = "lyceum-outbox-sender";
/** Entries of one request. */
const AT_ONCE = 200;
/** Milliseconds before the next attempt: first, and at most. */
const PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;
const newKey = () => crypto.randomUUID();

export class Delivery {
  #outbox;
  #send;
  #heard;
  #pause = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<void> | null} */
  #running = null;
  #again = false;

  /**
   * @param {Outbox} outbox
   * @param {(entries: Entry[]) => Promise<Map<string, Outcome>>} send Entries of one course; the outcomes by their keys.
   * @param {Heard} heard
   */
  constructor(outbox, send, heard) {
    this.#outbox = outbox;
    this.#send = send;
    this.#heard = heard;
  }

  /** Sends after some milliseconds, unless something else is sent before. @param {number} milliseconds */
  soon(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.now(), milliseconds);
  }

  /** Sends what waits. @returns {Promise<void>} */
  now() {
    if (this.#running !== null) {
      this.#again = true;
      return this.#running;
    }
    this.#again = false;
    this.#running = navigator.locks.request(SENDER, () => this.#rounds()).finally(() => {
      this.#running = null;
      if (this.#again) this.soon(0);
    });
    return this.#running;
  }

  async #rounds() {
    for (;;) {
      const entries = (await this.#outbox.all()).filter(isToSend);
      const course = entries[0]?.place.course;
      if (course === undefined) return;
      const batch = entries.filter((entry) => entry.place.course === course).slice(0, AT_ONCE);
      const line = await this.#round(batch);
      this.#heard.line(line);
      if (line !== "well") {
        this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2 || PAUSE);
        if (line === "offline" || line === "away") this.soon(this.#pause);
        return;
      }
      this.#pause = 0;
    }
  }

  /** @param {Entry[]} batch @returns {Promise<Line>} */
  async #round(batch) {
    // whoever else had sent is gone: what it left on its way is sent again, under its key
    const sent = await this.#change(batch, (entry) => entry && isToSend(entry) ? onItsWay(lost(entry)) : entry);
    const sending = [...sent.values()].filter((entry) => entry !== null && entry.state === "sending");
    const entries = /** @type {Entry[]} */ (sending);
    if (entries.length === 0) return "well";
    try {
      const outcomes = await this.#send(entries);
      await this.#take(entries, outcomes);
      return [...outcomes.values()].some(({ outcome }) => outcome === "away") ? "away" : "well";
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Problem)) throw error;
      const line = lineOf(error);
      await this.#change(entries, (entry) => entry && after(error, line, entry));
      return line;
    }
  }

  /** @param {Entry[]} entries @param {Map<string, Outcome>} outcomes */
  async #take(entries, outcomes) {
    const keys = new Map(entries.map(({ cell, key }) => [cell, key]));
    /** @type {Map<string, Outcome>} */
    const told = new Map();
    for (const { cell, key } of entries) {
      const outcome = outcomes.get(key);
      if (outcome) told.set(cell, outcome);
    }
    this.#heard.told(told);
    await this.#change(entries, (entry) => {
      const key = keys.get(entry?.cell ?? "");
      const outcome = entry && told.get(entry.cell);
      if (!entry || key === undefined) return entry;
      return outcome ? answered(entry, key, outcome, newKey) : unanswered(entry);
    });
  }

  /**
   * @param {Entry[]} entries
   * @param {(entry: Entry | null) => Entry | null} change
   */
  async #change(entries, change) {
    const left = await this.#outbox.update(new Map(entries.map(({ cell }) => [cell, change])));
    this.#heard.changed(left);
    return left;
  }
}

/** @param {Entry} entry */
function lost(entry) {
  return entry.state === "sending" ? unanswered(entry) : entry;
}

/** @param {NoAnswer | Problem} error @returns {Line} */
function lineOf(error) {
  if (error instanceof NoAnswer || error.status >= 500 || error.status === 429) return "offline";
  if (error.status === 401) return "over";
  return error.rule === "other-account" ? "other-account" : "well";
}

/** What becomes of an entry whose request failed. @param {NoAnswer | Problem} error @param {Line} line @param {Entry} entry */
function after(error, line, entry) {
  if (error instanceof NoAnswer || error.status >= 500) return unanswered(entry);
  return line === "well" ? refused(entry, error.message, error.rule, newKey) : unsent(entry, newKey);
}
