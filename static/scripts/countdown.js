// How many characters are left of a text: counted as the server does, in characters, a line break as one.

// Tidies a text as klimaspor.fields.plain_text does before it counts it; tests/lengths.json holds the two to each other.
// Half an emoji is left: a browser sends it as one character that the server counts.
const LINE_BREAK = /\r\n?|[\v\f\x85\u2028\u2029]/g;
// As klimaspor/danish/text.py: what joins and colors emoji stays where it does.
const EMOJI = "\\xa9\\xae\\u203c\\u2049\\u2122-\\u2bff\\u3030\\u303d\\u3297\\u3299\\ufe0f\\u{1f000}-\\u{1faff}";
const UNSEEN = new RegExp(
  `(?<![${EMOJI}])\\u200d|\\u200d(?![${EMOJI}])|(?<![${EMOJI}])\\ufe0f(?!\\u20e3)` +
    "|[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200c\\u200e\\u200f" +
    "\\u202a-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0e\\ufeff\\uffa0\\ufff9-\\ufffb" +
    "\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]",
  "gu",
);
const LIGATURES = { "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st" };
const BULLET = /^[ \t\xa0]*(?:[•‣◦▪▫●○■□·∙➢✓\uf0a7\uf0b7\uf0d8\uf0fc][ \t\xa0]*|[-*–—][ \t\xa0]+|[o§Øüvq]\t[ \t\xa0]*)(?=\S)/;
function plainText(text) {
  const visible = text.replace(LINE_BREAK, "\n").replace(UNSEEN, "").replace(/[\ufb00-\ufb06]/g, (sign) => LIGATURES[sign]).normalize("NFC");
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
