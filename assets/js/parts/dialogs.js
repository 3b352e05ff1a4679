// Dialogs: a link to a <dialog> opens it, instead of going to it. Open menus close again by themselves.
import "@digdir/designsystemet-web/dialog";
import "@digdir/designsystemet-web/invokers";

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dialog.showModal();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(":is(details.account, details.menu-toggle)[open]")) closeMenu(menu);
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.account[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
}

function closeMenu(menu) {
  menu.open = false;
  menu.querySelector("summary").focus();
}
