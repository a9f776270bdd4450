// What is typed into a form is kept on the server while it is typed, so that a crash or a closed tab loses nothing.
// The form says where (data-draft), under which address (data-draft-key) and shows the state (data-draft-state).

const WAIT = 800; // milliseconds without typing before a draft is sent

for (const form of document.querySelectorAll("form[data-draft]")) keepDrafts(form);

function keepDrafts(form) {
  const state = form.querySelector("[data-draft-state]");
  let timer = 0;
  let isSent = false;
  let queue = Promise.resolve();

  const send = (keepalive = false) => {
    clearTimeout(timer);
    timer = 0;
    const body = new FormData(form);
    body.set("draft_key", form.dataset.draftKey);
    body.set("draft_title", form.dataset.draftTitle ?? "");
    // One at a time: an older draft must not arrive after a newer one.
    queue = queue.then(() => post(form.dataset.draft, body, keepalive)).then((message) => {
      if (state && message) state.textContent = message;
    });
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(send, WAIT);
  });
  form.addEventListener("submit", () => {
    isSent = true;
    clearTimeout(timer);
  });
  addEventListener("pagehide", () => {
    if (timer && !isSent) send(true);
  });
  document.addEventListener("portal:signed-in", () => send());
}

async function post(url, body, keepalive) {
  try {
    const answer = await fetch(url, { method: "POST", body, keepalive, headers: { "X-CSRFToken": body.get("csrfmiddlewaretoken") } });
    if (answer.status === 401) {
      document.dispatchEvent(new CustomEvent("portal:signed-out"));
      return "";
    }
    return (await answer.json()).message ?? "";
  } catch {
    return "";
  }
}
