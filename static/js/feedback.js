// Says what a request in the background did: quietly when a part was updated, aloud when it failed.
// The sentences come from the page, in its language.

import { listenForSignIn } from "./signin.js";

const QUIET_FOR = 12000; // milliseconds a failure stays on screen

export function listen() {
  const notice = document.getElementById("notice");
  const announce = document.getElementById("announce");
  if (!notice || !announce) return;
  let timer = 0;

  const say = (text) => {
    notice.textContent = text;
    clearTimeout(timer);
    timer = setTimeout(() => { notice.textContent = ""; }, QUIET_FOR);
  };

  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401) return; // signin.js asks for the password
    if (status === 403) say(notice.dataset.forbidden);
    else say(notice.dataset.failed);
  });
  listenForSignIn(() => say(notice.dataset.signedOut));
  document.addEventListener("htmx:sendError", () => say(notice.dataset.offline));
  document.addEventListener("htmx:timeout", () => say(notice.dataset.offline));
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.target;
    const said = part.matches?.("[data-announce]") ? part : part.querySelector?.("[data-announce]");
    if (!said) return;
    const own = said === part ? notice.dataset.updated : said.textContent.trim();
    announce.textContent = ""; // the same words twice are said twice
    requestAnimationFrame(() => { announce.textContent = said.dataset.announce || own; });
  });
}
