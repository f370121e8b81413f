/**
 * The history of what stands in a cell, shown over the grid: its page is fetched, and the parts that tell it are taken out.
 */

/** Milliseconds to wait for the page. */
const PATIENCE = 10_000;

/**
 * The heading of a history's page, and its parts; null where the page cannot be had, or is another one.
 *
 * @param {string} href
 * @returns {Promise<{ title: string, parts: Element[] } | null>}
 */
export async function historyAt(href) {
  try {
    const answer = await fetch(href, { signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok || answer.redirected) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const parts = [...page.querySelectorAll("[data-history]")];
    const title = page.querySelector("h1")?.textContent?.trim() ?? "";
    return parts.length === 0 ? null : { title, parts };
  } catch {
    return null;
  }
}

/**
 * Shows a history in a dialog, with the way to its page. Closed, the dialog gives the keyboard back to the cell.
 *
 * @param {HTMLDialogElement} dialog
 * @param {string} href
 * @param {{ title: string, parts: Element[] }} found
 */
export function showHistory(dialog, href, { title, parts }) {
  dialog.querySelector("[data-title]")?.replaceChildren(title);
  dialog.querySelector("[data-parts]")?.replaceChildren(...parts);
  dialog.querySelector("a[data-page]")?.setAttribute("href", href);
  dialog.showModal();
}
