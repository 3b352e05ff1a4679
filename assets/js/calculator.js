// Counts the hours of a tidstyv while its factors are typed: «6 minutter × 220 ganger × 14 personer = 308 timer i året».
const locale = document.documentElement.lang || "nb";

/** A number as people type it, 0 or more; null for anything else. */
function typed(field) {
  const plain = field.value.replace(/\s/g, "").replace(",", ".");
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

/** As the server rounds: tenths under 100 hours, whole hours above. */
function rounded(hours) {
  const step = hours >= 100 ? 1 : 10;
  return Math.round(hours * step) / step;
}

for (const box of document.querySelectorAll("[data-calculator]")) {
  const fields = Object.fromEntries(["minutes", "times", "persons"].map((name) => [name, box.querySelector(`[name="${name}"]`)]));
  const sentences = Object.fromEntries(["sum", "about", "unknown"].map((name) => [name, box.querySelector(`[data-${name}]`).textContent]));
  const output = box.querySelector("[data-calculator-sum]");

  const tell = () => {
    const factors = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, typed(field)]));
    if (Object.values(factors).includes(null)) {
      output.textContent = sentences.unknown;
      return;
    }
    const exact = (factors.minutes * factors.times * factors.persons) / 60;
    const hours = rounded(exact);
    const words = { ...factors, hours };
    const sentence = Math.abs(hours - exact) < 1e-9 ? sentences.sum : sentences.about;
    output.textContent = sentence.replace(/\{(\w+)\}/g, (_, name) => words[name].toLocaleString(locale));
  };

  box.addEventListener("input", tell);
  tell();
}
