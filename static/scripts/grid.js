// A grid of amounts is written in as in a spreadsheet: arrows and Enter move, a copied block is put in, a row's amount goes to all its years.
// What holds more than amounts is read by the server, which shows it before it is saved; sums are the server's too, so that the two cannot disagree.

const PAUSE = 400;
const YEAR = /-y20\d\d$/;

export function tendGrid(grid) {
  const form = grid.closest("form");
  const said = form.querySelector("[data-grid-said]");
  const say = (text) => { said.textContent = text; };

  grid.addEventListener("click", (event) => {
    const button = event.target.closest("[data-grid-copy]");
    if (!button) return;
    event.preventDefault();
    copyToEmpty(button.closest("[data-row]"), say);
  });
  grid.addEventListener("keydown", (event) => {
    const to = YEAR.test(event.target.name) && neighbour(event);
    if (!to) return;
    event.preventDefault();
    to.focus();
    to.select();
  });
  grid.addEventListener("paste", (event) => paste(event, form, say));
  followSums(grid, form);
}

function rowsOf(table) {
  return [...table.querySelectorAll("[data-rows-body] > [data-row]:not(.row-removed)")];
}

function cellsOf(row) {
  return [...row.querySelectorAll("input")].filter((input) => YEAR.test(input.name));
}

function yearOf(input) {
  return input.name.slice(-5);
}

function changed(input) {
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function copyToEmpty(row, say) {
  const cells = cellsOf(row);
  const first = cells.find((cell) => cell.value.trim());
  if (!first) {
    say("Skriv først et beløb i et af årene");
    cells[0]?.focus();
    return;
  }
  const empty = cells.filter((cell) => !cell.value.trim());
  for (const cell of empty) cell.value = first.value;
  changed(first);
  say(empty.length ? `${first.value} er skrevet i de år, der var tomme` : "Der var ingen tomme år. Intet er ændret");
}

// The cell above or below, where that is what the key means.
function neighbour(event) {
  const steps = { ArrowUp: -1, ArrowDown: 1, Enter: event.shiftKey ? -1 : 1 };
  if (!(event.key in steps) || event.altKey || event.ctrlKey || event.metaKey) return null;
  const rows = rowsOf(event.target.closest("[data-rows]"));
  let place = rows.indexOf(event.target.closest("[data-row]"));
  for (;;) {
    place += steps[event.key];
    // Enter on the last row stays there: it saves nothing by accident.
    if (!rows[place]) return event.key === "Enter" ? event.target : null;
    const found = cellsOf(rows[place]).find((cell) => yearOf(cell) === yearOf(event.target));
    if (found) return found;
  }
}

function paste(event, form, say) {
  const text = (event.clipboardData?.getData("text/plain") ?? "").replace(/\r\n?/g, "\n").replace(/\n$/, "");
  const row = event.target.closest("[data-row]");
  if (!row || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  const block = text.split("\n").map((line) => line.split("\t"));
  const isYear = (cell) => /^\s*20\d\d\s*$/.test(cell);
  const isAmounts = block.flat().every((cell) => /^[\s\d.,–-]*(kr\.?|,-)?\s*$/i.test(cell)) && !block[0].every(isYear);
  if (!YEAR.test(event.target.name) || !isAmounts) {
    ask(text, event.target.closest("[data-rows]"), form);
    return;
  }
  fill(event.target, block, say);
}

// The server reads the block, and shows it in the grid.
function ask(text, rows, form) {
  const place = form.querySelector(`[data-grid-paste="${rows.dataset.rows}"]`);
  place.open = true;
  place.querySelector("textarea").value = text;
  form.requestSubmit(place.querySelector("button"));
}

function fill(from, block, say) {
  const table = from.closest("[data-rows]");
  const years = cellsOf(from.closest("[data-row]")).map(yearOf);
  const left = years.slice(years.indexOf(yearOf(from)));
  if (Math.max(...block.map((line) => line.length)) > left.length) {
    say("Der er flere kolonner i det, du satte ind, end der er år herfra. Intet er ændret. Sæt det ind fra et tidligere år");
    return;
  }
  const start = rowsOf(table).indexOf(from.closest("[data-row]"));
  const add = table.querySelector("[data-rows-add]");
  for (let missing = start + block.length - rowsOf(table).length; missing > 0; missing -= 1) add.click();
  const rows = rowsOf(table);
  if (rows.length < start + block.length) {
    say("Der er flere rækker i det, du satte ind, end der er plads til. Intet er ændret");
    return;
  }
  block.forEach((line, down) => line.forEach((cell, right) => {
    const field = cellsOf(rows[start + down]).find((one) => yearOf(one) === left[right]);
    if (field) field.value = /^[\s–-]*$/.test(cell) ? "" : cell.trim();
  }));
  changed(from);
  from.focus();
  say(`${block.length === 1 ? "1 række" : `${block.length} rækker`} er sat ind`);
}

function followSums(grid, form) {
  const place = form.parentElement.querySelector("[data-grid-sums]");
  let pause = 0;
  let asked = 0;
  async function ask() {
    asked += 1;
    const mine = asked;
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    const answer = await fetch(place.dataset.gridSums, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    const came = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of came.querySelectorAll("[id]")) {
      const there = document.getElementById(part.id);
      if (there && there.innerHTML !== part.innerHTML) there.innerHTML = part.innerHTML;
    }
  }
  const soon = () => {
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE);
  };
  grid.addEventListener("input", soon);
  grid.addEventListener("change", soon);
}
