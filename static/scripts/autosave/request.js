// One request: what is sent of a unit, and what the server's answer to it means. It shows nothing and keeps nothing.

const LONGEST_ANSWER = 20000;

export class NotSaved extends Error {}
export class SignedOut extends NotSaved {}
export class NoAccess extends NotSaved {}
export class Renewed extends NotSaved {}
export class ServerFailed extends NotSaved {}

// What the form says of itself goes along with every unit: its token, whose text it is, which version of the page it was.
function hidden(form) {
  return form.querySelectorAll(':scope > input[type="hidden"]:not([name^="base-"])');
}

export async function post(form, unit, values) {
  const body = new URLSearchParams(values);
  body.append("unit", unit.name);
  body.append(unit.base.name, unit.base.value);
  for (const { name, value } of hidden(form)) body.append(name, value);
  const response = await fetch(form.dataset.autosave, {
    method: "POST",
    body,
    redirect: "manual",
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(LONGEST_ANSWER),
  });
  if (response.type === "opaqueredirect" || response.status === 401) throw new SignedOut();
  if (response.status === 404) throw new NoAccess();
  if (response.status === 403) {
    await renew(form);
    throw new Renewed();
  }
  if (response.status === 400 || response.status === 413) return { state: "unreadable" };
  if (!response.ok && response.status !== 409) throw new ServerFailed();
  document.dispatchEvent(new Event("klimaspor:heard"));
  return response.json();
}

// Somebody who signed in again in another tab has a new token, and this page has the old.
async function renew(form) {
  const response = await fetch(location.href, { redirect: "manual", signal: AbortSignal.timeout(LONGEST_ANSWER) });
  if (response.type === "opaqueredirect") throw new SignedOut();
  if (response.status === 403 || response.status === 404) throw new NoAccess();
  if (response.status >= 500) throw new ServerFailed();
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = [...page.querySelectorAll("form[data-autosave]")].find((one) => one.dataset.autosave === form.dataset.autosave);
  if (!response.ok || fresh?.dataset.writer !== form.dataset.writer) throw new SignedOut();
  form.elements.csrfmiddlewaretoken.value = fresh.elements.csrfmiddlewaretoken.value;
}
