// The server's clock beside a deadline, from the moment the page left it: the reader's own clock may be wrong.

export function tick(box) {
  const came = performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
  const start = Number(box.dataset.now);
  const due = Math.floor(Number(box.dataset.due) / 1000);
  const clock = new Intl.DateTimeFormat("da-DK", { timeZone: "Europe/Copenhagen", hour: "numeric", minute: "2-digit", second: "2-digit" });
  const amount = (count, one, many) => `${count} ${count === 1 ? one : many}`;
  function show() {
    const now = Math.floor((start + performance.now() - came) / 1000);
    box.querySelector("[data-clock-now]").textContent = clock.format(now * 1000).replaceAll(":", ".").replace(/^0(?=\d)/, "");
    const left = due - now;
    const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
    const said = amount(seconds, "sekund", "sekunder");
    const long = hours
      ? `${amount(hours, "time", "timer")} og ${amount(minutes, "minut", "minutter")}`
      : minutes ? `${amount(minutes, "minut", "minutter")} og ${said}` : said;
    box.querySelector("[data-clock-left]").textContent = left < 0 ? "Fristen er passeret." : `Der er ${long} til fristen.`;
    if (left >= 0) setTimeout(show, 1000 - ((start + performance.now() - came) % 1000));
  }
  show();
}
