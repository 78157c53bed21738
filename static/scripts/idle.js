// Says to staff who do nothing, some minutes before, that they will be signed out, and lets them stay with one press.
// A sign of life in one tab is one in all: the tabs tell each other when the server last heard of them.

import { lastHeard, noteHeard } from "./kept.js";

const LOOK = 20000;

export function tellIdle(place) {
  const said = place.querySelector("[data-idle-said]");
  const limit = Number(place.dataset.seconds) * 1000;
  const warned = limit - Number(place.dataset.warnedBefore) * 1000;
  let own = 0;
  let state = "";

  function heard() {
    own = Date.now();
    noteHeard(own);
  }

  function say(next) {
    if (next === state) return;
    state = next;
    const template = place.querySelector(`template[data-idle-${next}]`);
    said.replaceChildren(...(template ? template.content.cloneNode(true).children : []));
    said.querySelector("button")?.addEventListener("click", stay);
  }

  async function stay() {
    const body = new URLSearchParams({ csrfmiddlewaretoken: document.querySelector("[name=csrfmiddlewaretoken]").value });
    const headers = { Accept: "application/json" };
    try {
      const response = await fetch(place.dataset.stay, { method: "POST", body, headers, redirect: "manual" });
      if (response.status === 204) {
        heard();
        say("stayed");
      } else {
        say("ended");
      }
    } catch {
      // No network: the warning stands, and the button may be pressed again.
    }
  }

  function look() {
    // Once signed out nothing here signs in again; a tab that has been told so stays as it is.
    if (state === "ended") return;
    const silence = Date.now() - Math.max(own, lastHeard());
    if (silence >= limit) say("ended");
    else if (silence >= warned) say("warning");
    else if (state === "warning") say("stayed");
  }

  heard();
  setInterval(look, LOOK);
  // A machine that slept has missed its looks.
  document.addEventListener("visibilitychange", look);
  document.addEventListener("htmx:afterRequest", heard);
  document.addEventListener("klimaspor:heard", heard);
}
