// Offers the terms by which the chosen course goes, and no others. Without it the server refuses the others.
const course = document.querySelector("select[name=course_id]");
const term = document.querySelector("select[name=term_id]");

/**
 * @param {HTMLSelectElement} course
 * @param {HTMLSelectElement} term
 */
function offer(course, term) {
  const division = course.selectedOptions[0]?.dataset.division;
  for (const group of term.querySelectorAll("optgroup")) {
    group.hidden = group.disabled = group.dataset.division !== division;
  }
  const chosen = term.selectedOptions[0]?.closest("optgroup");
  if (!chosen || chosen.disabled) {
    const present = term.querySelector("optgroup:enabled option[data-present]");
    term.value = present instanceof HTMLOptionElement ? present.value : "";
  }
}

if (course instanceof HTMLSelectElement && term instanceof HTMLSelectElement) {
  course.addEventListener("change", () => offer(course, term));
  offer(course, term);
}
