// What is typed into a form is kept on the server while it is typed, so that a crash or a closed tab loses nothing.
// The form says where (data-draft), under which address (data-draft-key) and shows the state (data-draft-state).

import { csrfToken, fetchSignedIn } from "./signin.js";

const WAIT = 800; // milliseconds without typing before a draft is sent

for (const form of document.querySelectorAll("form[data-draft]")) keepDrafts(form);

function keepDrafts(form) {
  const state = form.querySelector("[data-draft-state]");
  let timer = 0;
  let isSent = false;
  let isDeclined = false; // the person closed the question for the password: saving will ask again
  let queue = Promise.resolve();

  const values = () => {
    clearTimeout(timer);
    timer = 0;
    const body = new FormData(form);
    body.set("draft_key", form.dataset.draftKey);
    body.set("draft_title", form.dataset.draftTitle ?? "");
    return body;
  };

  // One at a time: an older draft must not arrive after a newer one.
  const keep = () => {
    const body = values();
    queue = queue.then(async () => {
      const answer = await fetchSignedIn(form.dataset.draft, { method: "POST", body }).catch(() => null);
      isDeclined = answer?.status === 401;
      const said = answer && answer.status !== 401 ? await answer.json().catch(() => null) : null;
      if (state && said?.message) state.textContent = said.message;
    });
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    if (!isDeclined) timer = setTimeout(keep, WAIT);
  });
  if (isTouched(form)) timer = setTimeout(keep, WAIT); // typed before this script was there
  form.addEventListener("submit", () => {
    isSent = true;
    clearTimeout(timer);
  });
  addEventListener("pagehide", () => {
    if (!timer || isSent) return;
    const body = values();
    fetch(form.dataset.draft, { method: "POST", body, keepalive: true, headers: { "X-CSRFToken": csrfToken() } });
  });
}

function isTouched(form) {
  return [...form.elements].some((field) => {
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected && option.value);
    if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
    return field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue;
  });
}
