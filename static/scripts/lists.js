// A list goes on by itself: Enter in a "- " line begins the next with a dash, and Enter in a line with nothing but a dash ends the list.
// A phone tells no keys, so what the browser is about to insert is heard instead; what is being put together by an input method is left
// alone, and Shift+Enter is a plain line break. execCommand is what browsers have that Ctrl+Z can undo and that says `input` to autosave.

const POINT = /^(\s*- +)(.*)$/;

function isEnter(event) {
  return ["insertLineBreak", "insertParagraph"].includes(event.inputType) || (event.inputType === "insertText" && event.data === "\n");
}

function put(box, text) {
  const done = document.execCommand(text ? "insertText" : "delete", false, text);
  if (done) return;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

export function continueLists() {
  let isShifted = false;
  document.addEventListener("keydown", (event) => { isShifted = event.shiftKey; });
  document.addEventListener("keyup", () => { isShifted = false; });

  document.addEventListener("beforeinput", (event) => {
    const box = event.target;
    if (box.tagName !== "TEXTAREA" || !isEnter(event) || event.isComposing || isShifted || !event.cancelable) return;
    const { selectionStart: from, selectionEnd: to, value } = box;
    const start = value.lastIndexOf("\n", from - 1) + 1;
    const end = value.indexOf("\n", to);
    const line = value.slice(start, end < 0 ? value.length : end);
    const point = POINT.exec(line);
    if (!point || from !== to || from - start < point[1].trimEnd().length) return;
    event.preventDefault();
    if (point[2].trim()) {
      put(box, `\n${point[1].trimEnd()} `);
    } else {
      box.setSelectionRange(start, start + line.length);
      put(box, "");
    }
  });
}
