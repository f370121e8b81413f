/**
 * Dialogs of the journal's page: what a person answered.
 */

/**
 * Shows a dialog; resolves to the value of the button by which it was closed, empty if it was left.
 *
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<string>}
 */
export function answerOf(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}

/**
 * The comment that a person wrote beside a mark; null where it is to stay as it is.
 *
 * @param {HTMLDialogElement} dialog
 * @param {string} whose The mark, in words.
 * @param {string} comment What stands there.
 * @returns {Promise<string | null>}
 */
export async function commentFrom(dialog, whose, comment) {
  const input = dialog.querySelector("input");
  const about = dialog.querySelector("[data-about]");
  if (input === null || about === null) return null;
  about.textContent = whose;
  input.value = comment;
  return await answerOf(dialog) === "save" ? input.value.trim() : null;
}
