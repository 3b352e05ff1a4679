// Writes the sentence of the sector that is pointed at, or reached with the keyboard, in the line under the wheel.
// Not a live region: a screen reader has just read the same sentence as the name of the link.
for (const wheel of document.querySelectorAll("[data-wheel]")) {
  const line = wheel.querySelector("[data-wheel-says]");
  const say = ({ target }) => {
    const sentence = target.closest("a")?.querySelector("title");
    if (sentence) line.textContent = sentence.textContent;
  };
  line.hidden = false;
  wheel.addEventListener("pointerover", say);
  wheel.addEventListener("focusin", say);
}
