// A page whose session ended asks for the password in a dialog and then repeats what was refused, so that
// nothing typed is lost. The dialog's content comes from the real sign-in page, in the page's language.

const BY_SCRIPT = { "X-Requested-With": "fetch" };

let asking; // one dialog at a time, whatever number of requests was refused

export function csrfToken() {
  return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] ?? "";
}

// Signing in changes the secret of forms: every copy on the page is renewed.
function renewTokens(token) {
  const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  document.body.setAttribute("hx-headers", JSON.stringify({ ...headers, "X-CSRFToken": token }));
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
}

// fetch() for pages that stay open: sends the secret, and repeats once after signing in again.
export async function fetchSignedIn(url, options = {}) {
  const send = () => {
    const headers = new Headers(options.headers);
    headers.set("X-Requested-With", BY_SCRIPT["X-Requested-With"]);
    headers.set("X-CSRFToken", csrfToken());
    if (options.body instanceof FormData && options.body.has("csrfmiddlewaretoken")) {
      options.body.set("csrfmiddlewaretoken", csrfToken());
    }
    return fetch(url, { ...options, headers });
  };
  const answer = await send();
  return answer.status === 401 && (await askAgain()) ? send() : answer;
}

// Resolves to whether the same person is signed in now.
export function askAgain() {
  asking ??= ask().catch(() => false).finally(() => { asking = undefined; });
  return asking;
}

async function ask() {
  const address = document.body.dataset.signIn;
  if (!address) return false;
  const answer = await fetch(address, { headers: BY_SCRIPT });
  if (isToken(answer)) return accept(await answer.json()); // signed in meanwhile, in another tab
  if (!answer.ok) return false;
  return openDialog(await answer.text());
}

function isToken(answer) {
  return answer.ok && (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
}

function accept({ person, csrf }) {
  if (String(person) !== document.body.dataset.person) return false;
  renewTokens(csrf);
  return true;
}

function openDialog(content) {
  const before = document.activeElement;
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "sign-in-again-title");
  dialog.innerHTML = content;
  document.body.append(dialog);
  return new Promise((resolve) => {
    let signedIn = false;
    dialog.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) dialog.close(); });
    dialog.addEventListener("submit", async (event) => {
      event.preventDefault();
      signedIn = await send(dialog, event.target);
      if (signedIn) dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before?.isConnected) before.focus();
      resolve(signedIn);
    });
    dialog.showModal();
    dialog.querySelector("[type=password]")?.focus();
  });
}

async function send(dialog, form) {
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: BY_SCRIPT });
    if (isToken(answer)) return accept(await answer.json());
    show(dialog, new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    button.disabled = false; // no connection: the dialog stays as it is
  }
  return false;
}

// The form again with its error, or why the door is shut for a while.
function show(dialog, answered) {
  const form = answered.querySelector("form[data-sign-in-again]");
  const shut = answered.querySelector("[data-locked-out], [data-too-often], [data-forged]");
  if (form) {
    dialog.replaceChildren(document.adoptNode(form));
    dialog.querySelector("[type=password]").focus();
  } else if (shut) {
    const close = dialog.querySelector("[data-close]");
    shut.className = "stack";
    shut.querySelector("a")?.remove();
    dialog.querySelector("form").replaceChildren(dialog.querySelector("h2"), document.adoptNode(shut), close);
    close.focus();
  }
}

// htmx: a refused request is made again with the same values and the new secret.
export function listenForSignIn(say) {
  document.addEventListener("htmx:responseError", async (event) => {
    if (event.detail.xhr.status !== 401) return;
    const refused = event.detail.requestConfig;
    if (await askAgain()) repeat(refused, event.detail.target);
    else say();
  });
}

function repeat(refused, target) {
  const values = {};
  for (const name of new Set(refused.formData.keys())) {
    const all = refused.formData.getAll(name);
    values[name] = all.length > 1 ? all : all[0];
  }
  if ("csrfmiddlewaretoken" in values) values.csrfmiddlewaretoken = csrfToken();
  const headers = { ...refused.headers };
  if ("X-CSRFToken" in headers) headers["X-CSRFToken"] = csrfToken();
  const source = refused.elt.isConnected ? refused.elt : document.body;
  window.htmx.ajax(refused.verb, refused.path, { source, target, values, headers });
}
