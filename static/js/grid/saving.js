// Saving by itself: one act after another, so that nobody conflicts with themselves. What is refused is held until it
// is mended or put back, and kept on the server meanwhile.

import { csrfToken, fetchSignedIn } from "../signin.js";

const TYPING = 700; // milliseconds without a key before what is typed is kept as a draft
const AGAIN = 5000; // milliseconds before a request that failed is repeated
const LISTED = 20; // refused cells named in the list

export class Saving {
  constructor(sheet) {
    this.sheet = sheet;
    this.words = sheet.words;
    this.queue = [];
    this.held = [];
    this.drafting = Promise.resolve();
    const part = (name) => sheet.root.querySelector(`[data-${name}]`);
    [this.state, this.panel, this.text, this.list] = ["state-text", "held", "held-text", "held-list"].map(part);
  }

  begin(acts) {
    this.acts = acts;
    const early = [...this.sheet.byKey.values()].filter((cell) => cell.drafted);
    if (early.length) {
      const changes = early.map((cell) => ({ cell, before: cell.saved, after: cell.input.value }));
      this.hold({ changes, reason: "", problems: [] });
    }
    document.addEventListener("portal:signed-in", () => this.pump());
    addEventListener("online", () => this.pump());
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.leave(); });
    addEventListener("beforeunload", (event) => { if (this.queue.length) event.preventDefault(); });
    // The next page shows these cells too: it is opened when all is saved or kept.
    document.addEventListener("click", async (event) => {
      const link = event.target.closest?.("a[href]:not([href^='#'])");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
      acts.commit();
      if (!this.queue.length) return;
      event.preventDefault();
      await this.settled();
      location.assign(link.href);
    });
  }

  settled() { return Promise.race([this.running, new Promise((done) => { setTimeout(done, AGAIN); })]); }

  add(changes) {
    const keys = new Set(changes.map(({ cell }) => cell.key));
    const held = this.held.find((act) => act.changes.some(({ cell }) => keys.has(cell.key)));
    if (held) { // mended: the whole of what was held goes again
      const fresh = new Map(changes.map((change) => [change.cell.key, change]));
      const rest = held.changes.filter(({ cell }) => !keys.has(cell.key));
      this.release(held);
      this.queue.push({ ...held, changes: [...rest, ...fresh.values()] });
    } else {
      this.queue.push({ changes, reason: "", problems: [] });
    }
    for (const { cell } of changes) mark(cell, "saving");
    this.pump();
  }

  pump() {
    clearTimeout(this.timer);
    this.running = (this.running ?? Promise.resolve()).then(() => this.run());
  }

  async run() {
    while (this.queue.length) {
      const [act] = this.queue;
      this.say(this.words.tSaving);
      await this.drafting;
      const answer = await this.post(this.words.save, {
        unit: this.words.unit, reason: act.reason, drafted: act.changes.some(({ cell }) => cell.drafted),
        cells: act.changes.map(({ cell, after }) => [cell.key, after, cell.known]),
      });
      if (!answer || answer.status >= 500 || answer.status === 401) return this.wait(answer?.status);
      this.queue.shift();
      const found = await answer.json().catch(() => ({ problems: [] }));
      if (answer.ok) this.saved(act, found);
      else if (answer.status === 403) this.hold(act, [], this.words.tForbidden);
      else if (found.problems.length && found.problems.every((one) => one.code === "closed_month" || one.key === "reason")) await this.ask(act, found.problems);
      else this.hold(act, found.problems);
    }
  }

  // An ended session asks to sign in again and then repeats the request.
  post(url, body, more = {}) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
    const send = more.keepalive ? fetch : fetchSignedIn;
    return send(url, { method: "POST", headers, body: JSON.stringify(body), ...more }).catch(() => null);
  }

  wait(status) {
    if (status === 401) { // saved after the next change, or when somebody signs in on this page
      this.say(this.words.tSignedOut, true);
      return;
    }
    this.say(status ? this.words.tFailed : this.words.tOffline, true);
    this.timer = setTimeout(() => this.pump(), AGAIN);
  }

  saved(act, found) {
    for (const { cell, after } of act.changes) {
      const { text, known } = found.cells[cell.key];
      const isLater = this.queue.some((one) => one.changes.some((change) => change.cell === cell));
      Object.assign(cell, { known, saved: text, drafted: false });
      if (isLater || !cell.input) continue;
      if (cell.input.value === after) cell.input.value = cell.start = text;
      else cell.start = text;
      mark(cell, "saved");
    }
    for (const row of this.sheet.rows) row.sum.textContent = found.sums[`${row.name}.${this.words.year}`] ?? row.sum.textContent;
    this.say(`${this.words.tSaved} ${found.at}`);
  }

  // A correction of closed months is asked for its reason once.
  ask(act, problems) {
    const dialog = this.sheet.root.querySelector("[data-dialog=reason]");
    const form = dialog.querySelector("form");
    const lines = problems.map((one) => (one.key === "reason" ? one.message : one.where));
    dialog.querySelector("[data-where]").textContent = lines.slice(0, LISTED).join("; ");
    act.reason = "";
    form.reset();
    return new Promise((answered) => {
      form.onsubmit = () => { act.reason = form.elements.reason.value; };
      dialog.querySelector("[data-close]").onclick = () => dialog.close();
      dialog.onclose = () => {
        if (act.reason.trim()) this.queue.unshift(act);
        else this.restore(act);
        this.sheet.focus(this.sheet.active);
        answered();
      };
      dialog.showModal();
    });
  }

  // --- what is held ---------------------------------------------------------------------------------------------

  hold(act, problems = act.problems, message = "") {
    act.problems = problems;
    act.message = message;
    this.held.push(act);
    const byKey = new Map(problems.map((one) => [one.key, one]));
    for (const { cell } of [...act.changes].reverse()) { // each reason is put in front of those after it
      cell.drafted = true;
      mark(cell, "unsaved");
      const problem = byKey.get(cell.key);
      if (problem) this.trouble(act, cell, problem);
    }
    this.tell();
  }

  release(act) {
    this.held = this.held.filter((one) => one !== act);
    for (const { cell } of act.changes) untrouble(cell);
    this.tell();
  }

  again() {
    const held = [...this.held];
    for (const act of held) {
      this.release(act);
      this.queue.push(act);
      for (const { cell } of act.changes) mark(cell, "saving");
    }
    this.pump();
  }

  back() { for (const act of [...this.held]) this.restore(act); }

  // What is saved comes back into the cells.
  restore(act) {
    this.release(act);
    this.acts.drop(act.changes);
    for (const { cell } of act.changes) {
      if (cell.input) cell.input.value = cell.start = cell.saved;
      mark(cell, "");
    }
    this.keep([], act.changes.map(({ cell }) => cell));
    this.say("");
    this.sheet.focus(this.sheet.active);
  }

  trouble(act, cell, problem) {
    untrouble(cell);
    const tr = document.createElement("tr");
    const td = tr.insertCell();
    tr.className = "months-trouble";
    td.colSpan = 14;
    td.id = `t-${cell.key}`;
    td.append(element("strong", `${cell.label} `), problem.theirs ? this.words.tChanged : problem.message);
    if (problem.theirs) td.append(this.sides(act, cell, problem.theirs));
    const { tr: row } = this.sheet.rows[cell.row];
    row.after(tr);
    cell.trouble = tr;
    cell.input?.setAttribute("aria-invalid", "true");
    cell.input?.setAttribute("aria-describedby", td.id);
  }

  sides(act, cell, theirs) {
    const mine = act.changes.find((change) => change.cell === cell).after;
    const original = cell.saved;
    const who = theirs.by ? ` (${theirs.by} ${theirs.at})` : "";
    const span = element("span", "");
    span.className = "months-sides";
    const choices = [["tMine", mine, ""], ["tTheirs", theirs.text, who], ["tOriginal", original, ""]];
    for (const [word, text, more] of choices) {
      const button = element("button", `${this.words[word]}: `);
      button.type = "button";
      button.className = "button button--quiet";
      button.append(element("strong", text || "–"), more);
      button.onclick = () => this.choose(act, cell, theirs, text);
      span.append(button);
    }
    return span;
  }

  // From now on the cell is known as the other person left it; when all are chosen the act goes again.
  choose(act, cell, theirs, text) {
    Object.assign(cell, { known: theirs.known, saved: theirs.text, start: text });
    cell.input.value = text;
    act.changes.find((change) => change.cell === cell).after = text;
    act.problems = act.problems.filter((one) => one.key !== cell.key);
    untrouble(cell);
    this.sheet.focus(cell);
    if (act.problems.length) { this.tell(); return; }
    this.release(act);
    this.queue.push(act);
    mark(cell, "saving");
    this.pump();
  }

  // --- telling --------------------------------------------------------------------------------------------------

  say(text, isBad = false) {
    if (this.held.length && !isBad) return;
    this.state.textContent = text;
    this.state.classList.toggle("is-bad", isBad);
  }

  tell() {
    const changes = this.held.flatMap((act) => act.changes);
    const problems = this.held.flatMap((act) => act.problems);
    const { words } = this;
    this.panel.hidden = !changes.length;
    this.state.textContent = changes.length ? `${words.tUnsaved}: ${changes.length}` : "";
    this.state.classList.toggle("is-bad", changes.length > 0);
    if (!changes.length) return;
    const isConflict = problems.length && problems.every((one) => one.theirs);
    const message = this.held.map((act) => act.message).find(Boolean);
    this.text.textContent = message || (isConflict ? words.tConflicts : problems.length ? words.tRefused : words.tEarlier);
    const shown = problems.length ? problems : changes.map(({ cell }) => ({ key: cell.key, where: `${this.sheet.rows[cell.row].title}, ${cell.label}` }));
    this.list.replaceChildren(...shown.slice(0, LISTED).map((one) => this.item(one)));
    if (shown.length > LISTED) this.list.append(element("li", `… ${shown.length}`));
    this.sheet.announce(`${this.text.textContent} ${shown.length}`);
  }

  item(one) {
    const li = document.createElement("li");
    const button = element("button", one.where);
    button.type = "button";
    button.className = "link-button";
    button.onclick = () => this.sheet.focus(this.sheet.byKey.get(one.key));
    li.append(button, one.message && !one.theirs ? `: ${one.message}` : "");
    return li;
  }

  // --- drafts ---------------------------------------------------------------------------------------------------

  typed(cell) {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => { if (this.acts.isDirty(cell)) this.keep([cell]); }, TYPING);
  }

  forget(cell) {
    clearTimeout(this.typing);
    if (cell.drafted && !this.held.some((act) => act.changes.some((change) => change.cell === cell))) this.keep([], [cell]);
  }

  keep(cells, gone = [], more = {}) {
    const body = {
      unit: this.words.unit, gone: gone.map((cell) => cell.key),
      cells: cells.map((cell) => [cell.key, cell.input.value, cell.known]),
    };
    for (const cell of cells) cell.drafted = true;
    for (const cell of gone) cell.drafted = false;
    this.drafting = this.drafting.then(() => this.post(this.words.draft, body, more));
    return this.drafting;
  }

  // The page goes: what is on its way or half typed is kept.
  leave() {
    const cells = this.queue.flatMap((act) => act.changes).map(({ cell }) => cell).filter((cell) => cell.input);
    if (this.acts.isDirty(this.sheet.active)) cells.push(this.sheet.active);
    if (!cells.length) return;
    const body = { unit: this.words.unit, gone: [], cells: cells.map((cell) => [cell.key, cell.input.value, cell.known]) };
    for (const cell of cells) cell.drafted = true;
    this.post(this.words.draft, body, { keepalive: true });
  }
}

function mark(cell, state) {
  cell.td.classList.toggle("is-unsaved", state === "unsaved");
  if (state) cell.td.dataset.state = state;
  else delete cell.td.dataset.state;
}

function untrouble(cell) {
  cell.trouble?.remove();
  cell.trouble = null;
  cell.input?.removeAttribute("aria-invalid");
  cell.input?.removeAttribute("aria-describedby");
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
