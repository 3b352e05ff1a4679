// Forms: the error summary gets the focus, passwords can be shown, letters are counted, and nothing is sent twice.

// An answer that is a file leaves the page standing, so it must not be held for ever.
const PATIENCE = 10000;

export function startForms() {
  document.querySelector("[data-error-summary]")?.focus();
  document.querySelectorAll("[data-password]").forEach(addPasswordToggle);
  document.querySelectorAll("[data-counter]").forEach(startCounter);
  document.addEventListener("submit", holdSecondSubmit);
  // A page that comes back from the browser's memory can be sent again.
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
}

function addPasswordToggle(box) {
  const input = box.querySelector("input");
  const { show, hide, what } = box.dataset;
  const button = document.createElement("button");
  const word = document.createElement("span");
  const rest = document.createElement("span");
  button.type = "button";
  button.className = "ds-button";
  button.dataset.variant = "secondary";
  button.setAttribute("aria-controls", input.id);
  rest.className = "ds-sr-only";
  rest.textContent = ` ${what}`;
  button.append(word, rest);
  const paint = () => (word.textContent = input.type === "password" ? show : hide);
  button.addEventListener("click", () => {
    input.type = input.type === "password" ? "text" : "password";
    paint();
  });
  // Browsers offer to keep only what was sent as a password.
  input.form?.addEventListener("submit", () => (input.type = "password"));
  paint();
  box.append(button);
}

function startCounter(line) {
  const field = document.getElementById(line.dataset.counter);
  const longest = Number(line.dataset.longest);
  if (!field || !longest) return;
  // What is pasted must not be cut without a word; the counter and the server say when it is too long.
  field.removeAttribute("maxlength");
  const spoken = document.createElement("span");
  spoken.className = "ds-sr-only";
  spoken.setAttribute("role", "status");
  line.after(spoken);
  let waiting;
  const count = () => {
    const left = longest - field.value.length;
    const text = (left < 0 ? line.dataset.over : line.dataset.left).replace("{n}", String(Math.abs(left)));
    line.textContent = text;
    line.dataset.state = left < 0 ? "over" : "under";
    clearTimeout(waiting);
    if (left < longest * 0.1) waiting = setTimeout(() => (spoken.textContent = text), 1000);
  };
  field.addEventListener("input", count);
  if (field.value) count();
}

function holdSecondSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.method === "get") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "true";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(release, PATIENCE, form);
}

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}
