// Asks for the reason as soon as a saved mark is changed. Without it the server asks.
const reason = document.querySelector("#reason-of-change");
const form = reason?.closest("form");

if (reason instanceof HTMLFieldSetElement && form) {
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (field instanceof HTMLInputElement && "saved" in field.dataset) reason.hidden = false;
  });
}
