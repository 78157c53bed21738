// How many characters are left of a text: counted as the server does, in characters, a line break as one.

// Tidies a text as klimaspor.fields.plain_text does before it counts it; tests/lengths.json holds the two to each other.
// Half an emoji is left: a browser sends it as one character that the server counts.
const LINE_BREAK = /\r\n?|[\v\f\x85\u2028\u2029]/g;
const INVISIBLE = /[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const BULLET = /^[ \t\xa0]*(?:[•‣◦▪▫●○■□·∙➢✓\uf0a7\uf0b7\uf0d8\uf0fc][ \t\xa0]*|[-*–—][ \t\xa0]+|[o§Øüvq]\t[ \t\xa0]*)(?=\S)/;
function plainText(text) {
  const visible = text.replace(LINE_BREAK, "\n").replace(INVISIBLE, "").normalize("NFC");
  const lines = visible.split("\n").map((line) => line.trimEnd().replace(BULLET, "- "));
  return lines.join("\n").replace(/\n{3,}/g, "\n\n").trim();
}

export function countDown(group) {
  const box = group.querySelector("textarea");
  const hint = group.querySelector(".character-limit");
  const spoken = group.querySelector("[data-limit-spoken]");
  const limit = Number(group.dataset.limit);
  let pause;
  function show() {
    const left = limit - [...plainText(box.value)].length;
    const count = Math.abs(left).toLocaleString("da-DK");
    hint.textContent = left < 0 ? `Du har skrevet ${count} tegn for meget` : `Du har ${count} tegn tilbage`;
    group.classList.toggle("text-limit--over", left < 0);
  }
  box.addEventListener("input", () => {
    show();
    clearTimeout(pause);
    pause = setTimeout(() => { spoken.textContent = hint.textContent; }, 1000);
  });
  show();
}
