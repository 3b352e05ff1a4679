// Moderation: keys that can be turned off, and masking by marking words in the text. Everything works without it.
const SWITCH = "moderation-shortcuts";
const shortcuts = document.querySelector("[data-shortcuts]");
const toggle = document.querySelector("[data-shortcuts-switch]");
let keysOn = localStorage.getItem(SWITCH) !== "off";

function show() {
  toggle.setAttribute("aria-pressed", String(keysOn));
  toggle.textContent = keysOn ? toggle.dataset.on : toggle.dataset.off;
}

function isWriting(element) {
  return element.closest("input, textarea, select, [contenteditable]") !== null;
}

if (shortcuts) {
  shortcuts.hidden = false;
  show();
  toggle.addEventListener("click", () => {
    keysOn = !keysOn;
    localStorage.setItem(SWITCH, keysOn ? "on" : "off");
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (!keysOn || event.ctrlKey || event.metaKey || event.altKey || event.repeat || isWriting(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "b") {
      const restrict = document.querySelector("[data-restrict]");
      if (!restrict) return;
      event.preventDefault();
      restrict.open = true;
      restrict.querySelector("input[type=radio]")?.focus();
      return;
    }
    if (key.length === 1) document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.click();
  });
}

// Python counts characters, the browser counts halves of some of them.
const characters = (text) => Array.from(text).length;

function markedSpan() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const node = range.commonAncestorContainer;
  const holder = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-case-text]");
  if (!holder) return null;
  const before = document.createRange();
  before.setStart(holder, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = characters(before.toString());
  const words = range.toString();
  return { value: `${holder.dataset.caseText}:${start}:${start + characters(words)}`, words };
}

const form = document.querySelector("[data-decision]");
if (form) {
  const list = form.querySelector("[data-marked]");
  const chosen = new Map();
  for (const hidden of form.querySelectorAll("[data-marking]")) hidden.hidden = false;

  const draw = () => {
    form.elements.selected.value = [...chosen.keys()].join(",");
    list.replaceChildren(
      ...[...chosen].map(([value, words]) => {
        const item = document.createElement("li");
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "ds-button";
        remove.dataset.variant = "tertiary";
        remove.textContent = `${list.dataset.remove} «${words}»`;
        remove.addEventListener("click", () => {
          chosen.delete(value);
          draw();
        });
        item.append(remove);
        return item;
      }),
    );
  };

  let last = null;
  document.addEventListener("selectionchange", () => {
    last = markedSpan() ?? last;
  });
  form.querySelector("[data-mark]").addEventListener("click", () => {
    if (!last) return;
    chosen.set(last.value, last.words);
    const mask = form.querySelector('input[name=verdict][value="mask"]');
    if (mask) mask.checked = true;
    last = null;
    draw();
  });
  for (const value of form.elements.selected.value.split(",").filter(Boolean)) {
    const [field, start, end] = value.split(":");
    const holder = document.querySelector(`[data-case-text="${CSS.escape(field)}"]`);
    if (holder) chosen.set(value, Array.from(holder.textContent).slice(start, end).join(""));
  }
  draw();
}
