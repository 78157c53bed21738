// Words that are marked in an answer are commented on with one press: the page of the comment gets them with what stood around them. They go
// behind the # of its address, which no server and no log is sent. Without a script they are copied into its form.

const CONTEXT = 90;
const PAUSE = 200;

// Of what is marked, what lies within an answer: browsers let a mark of a whole paragraph end in the next.
function within(answer, range) {
  const part = document.createRange();
  part.selectNodeContents(answer);
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset);
  return part;
}

function around(answer, part) {
  const before = document.createRange();
  before.selectNodeContents(answer);
  before.setEnd(part.startContainer, part.startOffset);
  const after = document.createRange();
  after.selectNodeContents(answer);
  after.setStart(part.endContainer, part.endOffset);
  return { foer: String(before).slice(-CONTEXT), efter: String(after).slice(0, CONTEXT) };
}

// Give what is marked when it lies in one answer alone.
function chosen() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const found = [...document.querySelectorAll("[data-comment]")]
    .filter((answer) => range.intersectsNode(answer))
    .map((answer) => ({ answer, part: within(answer, range) }))
    .filter(({ part }) => String(part).trim());
  return found.length === 1 ? found[0] : null;
}

// A range knows no lines, so the blocks it goes over are told apart.
function words(part) {
  const blocks = [...part.cloneContents().querySelectorAll("p, li, br")];
  if (!blocks.length) return String(part).trim();
  const copy = part.cloneContents();
  for (const block of copy.querySelectorAll("p, li, br")) block.before("\n");
  return copy.textContent.trim();
}

export function offerQuoting() {
  if (!document.querySelector("[data-comment]")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-secondary quote-button d-print-none";
  button.textContent = "Kommentér det markerede";
  const said = document.querySelector("[data-announcer]");
  let offered = null;
  let pause;
  let isPressing = false;
  let isClosed = false;

  function close() {
    offered = null;
    button.remove();
  }

  function offer() {
    if (isPressing || document.activeElement === button) return;
    const found = chosen();
    if (!found) {
      isClosed = false;
      close();
    } else if (!isClosed) {
      const isNew = !button.isConnected;
      offered = found;
      // Right after the answer, so that it is the next stop of the keyboard.
      if (found.answer.nextElementSibling !== button) found.answer.after(button);
      if (isNew && said) said.textContent = "Du kan kommentere det markerede med den næste knap.";
    }
  }

  document.addEventListener("selectionchange", () => {
    clearTimeout(pause);
    pause = setTimeout(offer, PAUSE);
  });
  // A press must not take away the mark it is about.
  button.addEventListener("pointerdown", (event) => {
    isPressing = true;
    event.preventDefault();
  });
  document.addEventListener("pointerup", () => { setTimeout(() => { isPressing = false; }, PAUSE); });
  document.addEventListener("pointercancel", () => { isPressing = false; });
  document.addEventListener("keydown", (event) => {
    if (!button.isConnected) return;
    // Browsers differ in where the tab key goes on from when something is marked.
    if (event.key === "Tab" && !event.shiftKey && document.activeElement.contains(button)) {
      if (document.activeElement === button) return;
      event.preventDefault();
      button.focus();
    }
    if (event.key !== "Escape") return;
    isClosed = true;
    if (document.activeElement === button) button.parentElement.parentElement.querySelector(".margin-link a")?.focus();
    close();
  });
  button.addEventListener("click", () => {
    if (!offered) return;
    const { answer, part } = offered;
    const fragment = new URLSearchParams({ citat: words(part), ...around(answer, part) });
    window.location.assign(`${answer.dataset.comment}#${fragment}`);
  });
}

// The form of the comment takes the words it was sent; what is written there already stays.
export function takeQuote(box) {
  const { before, after } = box.form.elements;
  const sent = new URLSearchParams(window.location.hash.slice(1));
  if (sent.has("citat")) {
    if (!box.value) {
      box.value = sent.get("citat");
      before.value = sent.get("foer") ?? "";
      after.value = sent.get("efter") ?? "";
      box.form.elements.text.focus();
    }
    window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
  }
  // Around words that are written anew nothing is known.
  box.addEventListener("input", () => {
    before.value = "";
    after.value = "";
  });
}
