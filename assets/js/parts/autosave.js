// Saving as you go: a form marked data-autosave is posted in the background when a choice is made.
// The buttons of the form work as before, so nothing depends on this.

const PAUSES = [1000, 3000, 10000, 30000];

export function startAutosave() {
  document.querySelectorAll("form[data-autosave]").forEach(watch);
}

function watch(form) {
  const status = form.querySelector("[data-autosave-status]");
  let sending = false;
  let unsaved = false;
  let attempt = 0;
  let retry;

  const tell = (state) => {
    status.dataset.state = state;
    status.textContent = status.dataset[state];
  };

  const save = async () => {
    clearTimeout(retry);
    unsaved = true;
    if (sending) return;
    sending = true;
    tell("saving");
    const sent = new URLSearchParams(new FormData(form)).toString();
    const outcome = await post(form, sent);
    sending = false;
    if (outcome === "saved" && sent !== new URLSearchParams(new FormData(form)).toString()) {
      save();
      return;
    }
    tell(outcome);
    unsaved = outcome !== "saved";
    if (outcome === "failed") retry = setTimeout(save, PAUSES[Math.min(attempt++, PAUSES.length - 1)]);
    else attempt = 0;
  };

  form.addEventListener("change", (event) => {
    if (event.target.type === "radio") save();
  });
  form.addEventListener("submit", () => {
    clearTimeout(retry);
    unsaved = false;
  });
  window.addEventListener("online", () => unsaved && save());
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !sending) event.preventDefault();
  });
}

/** Say how it went: saved, failed (worth another try) or refused (the ordinary button shows why). */
async function post(form, body) {
  try {
    const answer = await fetch(form.getAttribute("action") || location.href, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Requested-With": "fetch" },
      credentials: "same-origin",
      redirect: "manual",
      keepalive: true,
      signal: AbortSignal.timeout(15000),
    });
    if (answer.ok) return "saved";
    return answer.status >= 500 ? "failed" : "refused";
  } catch {
    return "failed";
  }
}
