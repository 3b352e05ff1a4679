// The type appears as one answers who decides what: the server says what the answers come to, as «Se hva det blir» does.
const form = document.querySelector("form[data-types]");
if (form) start(form);

function start(form) {
  const panel = form.querySelector("[data-types-reading]");
  const status = form.querySelector("[data-types-status]");
  let asked = 0;

  form.querySelector("[data-types-see]").hidden = true;
  form.addEventListener("change", async () => {
    const mine = ++asked;
    const answers = new URLSearchParams([...new FormData(form)].filter(([name]) => name !== "csrf_token"));
    try {
      const answer = await fetch(`${form.dataset.types}?${answers}`, { signal: AbortSignal.timeout(10000) });
      if (!answer.ok) return;
      const told = await answer.json();
      if (mine !== asked) return;
      panel.innerHTML = told.html;
      status.textContent = told.headline;
    } catch {
      // It was only told in advance: it is said again when the answers are saved.
    }
  });
}
