// The list of cases by keyboard: J and K go to the next and the one above; Enter opens, as on any link.
const toggle = document.querySelector("[data-shortcuts-switch]");
const cases = [...document.querySelectorAll("[data-case]")];

document.addEventListener("keydown", (event) => {
  if (toggle?.getAttribute("aria-pressed") !== "true" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (!step || !cases.length) return;
  const now = cases.indexOf(document.activeElement);
  cases.at(now < 0 ? (step > 0 ? 0 : -1) : Math.min(Math.max(now + step, 0), cases.length - 1)).focus();
});
