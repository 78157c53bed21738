// Presses mean what their person meant: a button that slides away while it is pressed is pressed, and a double press is one.

const TREMBLE = 5;
const DOUBLE_PRESS = 1500;

// When an answer comes in above a button it may slide away under the pointer. The press was meant for it all the same.
export function catchSlidButtons() {
  let held = null;
  document.addEventListener("pointerdown", (event) => {
    const button = event.isPrimary && event.button === 0 ? event.target.closest("button") : null;
    held = button && { button, x: event.clientX, y: event.clientY };
  });
  document.addEventListener("pointercancel", () => { held = null; });
  document.addEventListener("pointerup", (event) => {
    const press = held;
    held = null;
    if (!press?.button.isConnected || press.button.contains(event.target)) return;
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) < TREMBLE) press.button.click();
  });
}

// The second press of a double press is one too many. A later one may be meant: the server decides.
export function stopDoublePresses() {
  const sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    const last = sent.get(form);
    if (last && last.submitter === event.submitter && event.timeStamp - last.at < DOUBLE_PRESS) {
      event.preventDefault();
      return;
    }
    sent.set(form, { at: event.timeStamp, submitter: event.submitter });
    sayFilesAreSent(form);
  });
}

// A large file takes a while, and the browser says little of it.
function sayFilesAreSent(form) {
  const sending = form.querySelector("[data-sending]");
  const files = [...form.querySelectorAll('input[type="file"]')].flatMap((box) => [...box.files]);
  if (sending && files.length) sending.textContent = sending.dataset.sending;
}

// Enter in a search that stands inside a larger form looks up what is typed, and sends nothing; without htmx the form goes.
export function lookUpAtEnter() {
  document.addEventListener("keydown", (event) => {
    const isEnter = event.key === "Enter" && !event.isComposing;
    if (!isEnter || !window.htmx || !event.target.matches("[data-look-up]")) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("look-up"));
  });
}
