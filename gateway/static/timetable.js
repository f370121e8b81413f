// Follows the days that are typed with whether their weeks are odd or even, and adds fields for one more entry to a place. Without it the server does both.
import { parityOf } from "./weeks.js";

for (const place of document.querySelectorAll("[data-parity-of]")) {
  if (!(place instanceof HTMLElement)) continue;
  const field = document.getElementById(place.dataset.parityOf ?? "");
  if (!(field instanceof HTMLInputElement)) continue;
  const { starts = "", ends = "" } = place.dataset;
  field.addEventListener("input", () => {
    const parity = parityOf(field.value, starts, ends);
    place.textContent = parity === null ? "" : place.dataset[parity] ?? "";
  });
}

/** Empties a copied field and calls it by its place among the entries. @param {Element} field @param {number} nth @param {string} words */
function renew(field, nth, words) {
  if (!(field instanceof HTMLSelectElement || field instanceof HTMLInputElement)) return;
  field.name = field.name.replace(/^(\w+-\d+-\d+)(-\d+)?$/, `$1-${nth}`);
  field.setAttribute("aria-label", `${field.getAttribute("aria-label")}, ${words.replace("{n}", String(nth))}`);
  field.autofocus = false;
  if (field instanceof HTMLSelectElement) {
    for (const option of field.options) option.removeAttribute("selected");
    field.selectedIndex = 0;
  } else {
    field.removeAttribute("value");
    field.value = "";
  }
}

const table = document.querySelector("table.timetable");
const { entry = "", most = "" } = table instanceof HTMLElement ? table.dataset : {};

table?.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button[name=more]") : null;
  const cell = button?.closest("td");
  const entries = cell?.querySelectorAll(".add") ?? [];
  const [first] = entries;
  if (!button || !first) return;
  event.preventDefault();
  const added = /** @type {Element} */ (first.cloneNode(true));
  const fields = added.querySelectorAll("select, input");
  for (const field of fields) renew(field, entries.length + 1, entry);
  button.before(added);
  if (fields[0] instanceof HTMLElement) fields[0].focus();
  if (entries.length + 1 >= Number(most)) button.remove();
});
