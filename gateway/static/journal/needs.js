/**
 * The list of what the journal did not take as it was typed: its person decides.
 *
 * @typedef {import("./entries.js").Entry} Entry
 * @typedef {import("./telling.js").Words} Words
 *
 * @typedef {object} Deciding
 * @property {(entry: Entry, mine: boolean) => void} decide
 * @property {(entries: Entry[]) => void} drop
 * @property {(entry: Entry) => void} reach Goes to the cell, if the page shows it.
 * @property {(entries: Entry[], reason: string) => void} explain
 */
import { commentOf, needsPerson, textOf } from "./entries.js";
import { filled, grouped, moment, withComment } from "./telling.js";

export class Needs {
  #shown = "";

  /**
   * @param {HTMLElement} place
   * @param {Words} words
   * @param {Record<string, string[]>} reasons Offered for a rule that asks for one.
   * @param {Deciding} deciding
   */
  constructor(place, words, reasons, deciding) {
    this.place = place;
    this.words = words;
    this.reasons = reasons;
    this.deciding = deciding;
  }

  /** @param {Entry[]} entries */
  show(entries) {
    const open = entries.filter(needsPerson);
    const shown = JSON.stringify(open);
    if (shown === this.#shown) return; // whoever is at one of its buttons stays there
    this.#shown = shown;
    this.place.hidden = open.length === 0;
    const asked = grouped(open.filter(({ state }) => state === "asked"), ({ rule }) => rule);
    const others = open.filter(({ state }) => state !== "asked");
    const list = document.createElement("ul");
    list.append(...others.map((entry) => this.#item(entry)));
    this.place.querySelector("[data-list]")?.replaceChildren(
      ...[...asked].map(([rule, group]) => this.#question(rule, group)),
      ...(others.length ? [list] : []),
    );
  }

  /** @param {Entry} entry */
  #item(entry) {
    const item = document.createElement("li");
    const { words } = this;
    const comment = commentOf(entry);
    const mine = withComment(entry.want, comment, words);
    const theirs = withComment(entry.present?.text ?? "", comment && entry.present?.comment, words);
    const conflict = entry.state === "conflict";
    const { by, at } = entry.present ?? {};
    const who = [by, moment(at, document.documentElement.lang)].filter(Boolean).join(", ");
    const values = { ...entry.place.words, mine, theirs, who: who && ` (${who})`, told: entry.told };
    item.append(filled(conflict ? words.conflict : words.refused, values), " ");
    if (conflict) {
      item.append(
        this.#button(filled(words.keep, { value: theirs }), () => this.deciding.decide(entry, false)),
        this.#button(filled(words.replace, { value: mine }), () => this.deciding.decide(entry, true)),
      );
    } else {
      item.append(
        this.#button(words.correct ?? "", () => this.deciding.reach(entry)),
        this.#button(words.drop ?? "", () => this.deciding.drop([entry])),
      );
    }
    return item;
  }

  /** @param {string} rule @param {Entry[]} group */
  #question(rule, group) {
    const form = document.createElement("form");
    form.className = "asks";
    const { words } = this;
    const label = document.createElement("label");
    const cells = group.map((entry) =>
      filled(words.change, {
        ...entry.place.words,
        before: withComment(entry.base.text, commentOf(entry) && entry.base.comment, words),
        mine: withComment(textOf(entry), commentOf(entry), words),
      })
    );
    label.textContent = `${words.why ?? ""} ${cells.join("; ")}.`;
    const input = document.createElement("input");
    input.className = "form-control form-control-sm";
    input.id = `reason-${rule}`;
    input.required = true;
    input.maxLength = 400;
    input.placeholder = words.own_words ?? "";
    input.setAttribute("list", `${input.id}-list`);
    label.htmlFor = input.id;
    const offered = document.createElement("datalist");
    offered.id = `${input.id}-list`;
    const choices = this.reasons[rule] ?? [];
    offered.append(...choices.map((reason) => new Option(reason, reason)));
    const buttons = choices.map((reason) => this.#button(reason, () => this.deciding.explain(group, reason)));
    const save = this.#button(words.save ?? "", () => {});
    save.type = "submit";
    const drop = this.#button(words.drop ?? "", () => this.deciding.drop(group));
    form.append(label, ...buttons, input, offered, save, drop);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.deciding.explain(group, input.value.trim());
    });
    return form;
  }

  /** @param {string} text @param {() => void} then */
  #button(text, then) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-primary";
    button.textContent = text;
    button.addEventListener("click", then);
    return button;
  }
}
