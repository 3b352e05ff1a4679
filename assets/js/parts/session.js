// Two minutes before the session ends the person is asked, and may go on.

const WARNING = 120;

export function startSession() {
  const dialog = document.querySelector("[data-session-expires]");
  if (!dialog) return;
  const failed = dialog.querySelector("[data-session-failed]");
  let timer;

  // Machines sleep and timers with them: what counts is the clock.
  const start = () => {
    const warnAt = Date.now() + Math.max(Number(dialog.dataset.sessionExpires) - WARNING, 0) * 1000;
    clearInterval(timer);
    timer = setInterval(() => {
      if (Date.now() < warnAt) return;
      clearInterval(timer);
      failed.textContent = "";
      if (!dialog.open) dialog.showModal();
    }, 1000);
  };

  dialog.querySelector("[data-session-extend]").addEventListener("click", async () => {
    if (await extend(dialog)) {
      dialog.close();
      start();
    } else {
      failed.textContent = failed.dataset.sessionFailed;
    }
  });
  start();
}

async function extend(dialog) {
  try {
    const answer = await fetch(dialog.dataset.sessionUrl, {
      method: "POST",
      headers: { "X-CSRFToken": dialog.dataset.csrf, "X-Requested-With": "fetch" },
      credentials: "same-origin",
      redirect: "manual",
    });
    return answer.ok;
  } catch {
    return false;
  }
}
