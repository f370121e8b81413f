// Tells the load of the day on which homework is due, and a second control work of a day, while a lesson is typed, and where the saved homework is too much. Without it the page tells it after saving.
import { apiOf, NoAnswer, Problem } from "./api.js";
import { addressOf, sentencesOf } from "./load_words.js";

/** Milliseconds without a key before the server is asked. */
const PAUSE = 500;
const { account, school } = document.body.dataset;
const api = apiOf({ account: account ?? "", school });
const { control = "", homework = "", minutes = "" } = document.getElementById("load-words")?.dataset ?? {};
const words = { control, homework, minutes };

/** @param {string} name @param {string} lesson @returns {string} */
function typed(name, lesson) {
  const field = document.getElementsByName(`${name}-${lesson}`)[0];
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field.value : "";
}

/** @param {HTMLElement} place @param {{ told: string[], warnings: string[] }} sentences */
function show(place, { told, warnings }) {
  const lines = [["quiet small mb-0", told.join(" ")], ["alert alert-warning py-1 px-2 mb-0", warnings.join(" ")]];
  place.replaceChildren(
    ...lines.filter(([, text]) => text).map(([kind, text]) => {
      const line = document.createElement("p");
      line.className = kind ?? "";
      line.textContent = text ?? "";
      return line;
    }),
  );
  place.hidden = place.childElementCount === 0;
}

/** @param {HTMLElement} place */
function follow(place) {
  const lesson = place.dataset.load ?? "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  let asked = 0;

  /** @param {boolean} isTyped Whether something was typed; what is saved is told only where it is too much. */
  async function tell(isTyped) {
    const [homework, minutes] = [typed("homework", lesson), typed("minutes", lesson)];
    const due = typed("homework_due", lesson);
    const address = addressOf(lesson, { homework, due, minutes, topic: typed("topic", lesson) });
    const own = ++asked;
    if (address === null) return show(place, { told: [], warnings: [] });
    try {
      const { body } = await api.get(address);
      if (own !== asked) return;
      const sentences = sentencesOf(body, document.documentElement.lang, words);
      // without homework the day on which it would be due says nothing; a second control work is told all the same
      const silent = (!isTyped || (homework + minutes).trim() === "") && sentences.warnings.length === 0;
      show(place, silent ? { told: [], warnings: [] } : { ...sentences, told: isTyped ? sentences.told : [] });
    } catch (error) {
      if (!(error instanceof Problem || error instanceof NoAnswer)) throw error; // it is told after saving, too
    }
  }

  place.closest("section")?.addEventListener("input", (event) => {
    const name = event.target instanceof HTMLElement ? event.target.getAttribute("name") ?? "" : "";
    if (!/^(homework|homework_due|minutes|topic)-/.test(name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => tell(true), PAUSE);
  });
  if ("saved" in place.dataset) tell(false);
}

for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-load]"))) follow(place);
