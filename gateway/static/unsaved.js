// Asks before a page is left on which something was typed and not sent.
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-unsaved]"));
let sent = false;

/** Whether a field shows something else than the page came with. @param {Element} field */
function isChanged(field) {
  if (field instanceof HTMLSelectElement) {
    const shown = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
    return field.selectedOptions[0] !== shown;
  }
  if (field instanceof HTMLInputElement && field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
    return field.value !== field.defaultValue;
  }
  return false;
}

if (form) {
  form.addEventListener("submit", () => sent = true);
  addEventListener("beforeunload", (event) => {
    if (!sent && (form.dataset.unsaved || [...form.elements].some(isChanged))) event.preventDefault();
  });
}
