// Updates a page of something in progress in place, so that the reader keeps the focus and hears what changed.
// It fetches the whole page; its elements marked data-changing replace those with the same id.
import { follow } from "./following.js";

const CHANGING = "[data-changing]";
/** This script's own element: the server adds it to a page only while something is in progress. */
const GOES_ON = "script[data-going-on]";

/** @param {Document} fresh */
function show(fresh) {
  for (const part of fresh.querySelectorAll(CHANGING)) {
    const shown = document.getElementById(part.id);
    if (shown !== null && shown.innerHTML !== part.innerHTML) {
      shown.className = part.className;
      shown.replaceChildren(...part.childNodes);
    }
  }
}

/** @returns {Promise<boolean | null>} */
async function look() {
  let text;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.status >= 500) return null;
    text = await answer.text();
  } catch (error) {
    if (error instanceof TypeError) return null; // no connection
    throw error;
  }
  const fresh = new DOMParser().parseFromString(text, "text/html");
  if (fresh.querySelector(CHANGING) === null) {
    location.reload(); // another page: the session has ended
    return false;
  }
  show(fresh);
  return fresh.querySelector(GOES_ON) !== null;
}

void follow({
  look,
  hidden: () => document.hidden,
  wait: (milliseconds) =>
    new Promise((resolve) => {
      setTimeout(resolve, milliseconds);
      document.addEventListener("visibilitychange", () => resolve(), { once: true }); // a reader who comes back sees the state at once
    }),
});
