// Proposing: what is written is saved in the background, and what resembles it is shown under the title.
// Without this the buttons of the form do the same.

const PAUSE = 1200;
const AGAIN = [2000, 5000, 15000, 30000];

const form = document.querySelector("form[data-propose]");
if (form) start(form);

function start(form) {
  const status = form.querySelector("[data-propose-status]");
  const panel = form.querySelector("[data-alike]");
  let timer;
  let sending = false;
  let dirty = false;
  let attempt = 0;
  let lookedUp = "";
  let reload = false;

  const tell = (state, text) => {
    status.dataset.state = state;
    status.textContent = text ?? status.dataset[state] ?? "";
  };
  const field = (name) => form.elements.namedItem(name);
  const words = () => `${field("title").value}\n${field("challenge").value}`.trim();

  const soon = (pause = PAUSE) => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  const save = async () => {
    clearTimeout(timer);
    if (sending || !words()) return;
    sending = true;
    dirty = false;
    tell("saving");
    const outcome = await post(form.getAttribute("action"), new FormData(form));
    sending = false;
    if (outcome.failed) {
      dirty = true;
      tell("failed");
      timer = setTimeout(save, AGAIN[Math.min(attempt++, AGAIN.length - 1)]);
      return;
    }
    attempt = 0;
    if (!outcome.told) {
      dirty = true;
      tell("refused", outcome.signedOut ? status.dataset.signedOut : outcome.message);
      return;
    }
    kept(outcome.told);
    if (dirty) soon();
    else if (reload) location.assign(outcome.told.url);
    else lookUp(outcome.told.alike);
  };

  const kept = (told) => {
    field("version").value = told.version;
    if (form.getAttribute("action") !== told.url) {
      form.setAttribute("action", told.url);
      history.replaceState(null, "", told.url);
    }
    tell("saved", told.saved);
  };

  const lookUp = async (url) => {
    const now = words();
    if (!panel || now === lookedUp || field("title").value.trim().split(/\s+/).length < 2) return;
    lookedUp = now;
    try {
      const answer = await fetch(url, { credentials: "same-origin", signal: AbortSignal.timeout(10000) });
      if (!answer.ok) return;
      const told = await answer.json();
      panel.innerHTML = told.html;
      panel.hidden = told.number === 0;
    } catch {
      // It was only a suggestion.
    }
  };

  panel?.addEventListener("click", (event) => {
    const button = event.target.closest("[data-answer]");
    if (!button) return;
    const url = button.closest("[data-url]").dataset.url;
    const body = new URLSearchParams({ svar: button.dataset.answer, csrf_token: field("csrf_token").value });
    if (button.dataset.answer === "different") {
      fetch(url, { method: "POST", body, credentials: "same-origin", redirect: "manual" }).catch(() => {});
      const next = button.closest("[data-alike-idea]");
      const following = next.nextElementSibling ?? next.previousElementSibling;
      next.remove();
      panel.hidden = !following;
      (following?.querySelector("a") ?? field("challenge")).focus();
      return;
    }
    go(url, body);
  });

  form.addEventListener("input", (event) => {
    if (event.target.type !== "file") soon();
  });
  form.addEventListener("change", (event) => {
    if (event.target.closest("[data-reloads]")) reload = true;
    if (event.target.type !== "file") soon(reload ? 0 : PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    dirty = false;
  });
  window.addEventListener("online", () => dirty && save());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && dirty) save();
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty && words()) event.preventDefault();
  });
}

async function post(url, data) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      body: new URLSearchParams([...data].filter(([, value]) => typeof value === "string")),
      headers: { "X-Requested-With": "fetch" },
      credentials: "same-origin",
      redirect: "manual",
      signal: AbortSignal.timeout(15000),
    });
    if (answer.ok) return { told: await answer.json() };
    if (answer.status >= 500) return { failed: true };
    if (answer.status === 401) return { signedOut: true };
    const told = await answer.json().catch(() => ({}));
    return { message: told.message ?? "" };
  } catch {
    return { failed: true };
  }
}

/** Send a form that isn't in the page, and go where it leads. */
function go(url, values) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  form.hidden = true;
  for (const [name, value] of values) {
    const input = document.createElement("input");
    input.name = name;
    input.value = value;
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}
