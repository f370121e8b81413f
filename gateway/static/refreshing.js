// Fetches this page again and puts what changed in its place, so that the reader keeps the focus and hears what changed.
// The page's elements marked data-changing are replaced by those with the same id.
const CHANGING = "[data-changing]";
/** A script that the server adds to a page only while something on it is in progress. */
const GOES_ON = "script[data-going-on]";

/** @param {Element} shown @param {Element} fresh */
function replace(shown, fresh) {
  const focused = shown.contains(document.activeElement);
  shown.className = fresh.className;
  shown.replaceChildren(...fresh.childNodes);
  if (focused) /** @type {HTMLElement | null} */ (shown.querySelector("button, a, input:not([type=hidden])"))?.focus();
}

/**
 * Shows the present state of the page. False: nothing on it is in progress any more; null: the server was not reached.
 *
 * @returns {Promise<boolean | null>}
 */
export async function refresh() {
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
  const parts = fresh.querySelectorAll(CHANGING);
  if (parts.length === 0) {
    location.reload(); // another page: the session has ended
    return false;
  }
  for (const part of parts) {
    const shown = document.getElementById(part.id);
    if (shown !== null && shown.innerHTML !== part.innerHTML) replace(shown, part);
  }
  return fresh.querySelector(GOES_ON) !== null;
}

/**
 * Waits, or until a reader comes back to the page, who is to see the present state at once.
 *
 * @param {number} milliseconds
 * @returns {Promise<void>}
 */
export function whileHidden(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    document.addEventListener("visibilitychange", () => resolve(), { once: true });
  });
}
