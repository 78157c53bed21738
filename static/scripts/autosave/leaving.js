// Leaving the page: the form's own buttons send everything when what is on its way is let through, and nothing unsaved is left unasked.

const LONGEST_FLUSH = 4000;

export function watchLeaving({ form, units, kept, shown, queue }) {
  let isLeaving = false;
  let waiting = null;
  let isFlushed = false;

  // Nobody is to disagree with themselves: what is on its way is answered before the same is sent by the button.
  async function flush(button) {
    waiting = button;
    for (const unit of units) if (unit.isWaiting) unit.isReady = true;
    const late = new Promise((resolve) => { setTimeout(resolve, LONGEST_FLUSH); });
    await Promise.race([queue.work(), late]);
    const pressed = waiting;
    waiting = null;
    isFlushed = true;
    // A choice that was made anew while we waited has another value, and must be seen before it is pressed.
    form.requestSubmit(pressed.isConnected ? pressed : [...form.querySelectorAll("button[name=do]")].find((one) => one.value === pressed.value));
    isFlushed = false;
  }

  form.addEventListener("submit", (event) => {
    if (waiting) {
      // Pressed again while the first press waits: the last one counts.
      event.preventDefault();
      waiting = event.submitter;
      return;
    }
    if (!navigator.onLine) {
      // The browser's own page about it would take the place of the text.
      event.preventDefault();
      shown.offline();
      return;
    }
    const [chosen, name] = (event.submitter?.value ?? "").split(":");
    if (chosen === "theirs") for (const unit of units) if (unit.name === name) kept.forget(unit.name);
    isLeaving = true;
    if (isFlushed || !queue.isBusy) return;
    event.preventDefault();
    flush(event.submitter ?? form.querySelector("button:not([type=button])"));
  });

  // The way to sign in again.
  form.querySelector("[data-save-state]").addEventListener("click", (event) => {
    if (event.target.closest("a")) isLeaving = true;
  });

  window.addEventListener("beforeunload", (event) => {
    const isUnsaved = queue.sending || units.some((unit) => unit.isDirty || unit.sent !== null);
    if (isUnsaved && !isLeaving) event.preventDefault();
  });
  window.addEventListener("pageshow", () => { isLeaving = false; });
}
