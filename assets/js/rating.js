// Counts along while answers are chosen: «13 av 39 vurdert». The page says the same when it is loaded again.
const strip = document.querySelector("[data-counting]");
const form = strip?.closest("form");

form?.addEventListener("change", () => {
  const here = form.querySelectorAll("fieldset.rating:has(:checked)").length;
  const done = Number(strip.dataset.elsewhere) + here;
  strip.querySelector("progress").value = done;
  strip.querySelector(".progress__text").textContent = strip.dataset.counting.replace("{n}", done);
});
