// What a person does to cells: one act is saved whole and undone whole.

export class Acts {
  constructor(sheet, saving) {
    this.sheet = sheet;
    this.saving = saving;
    this.done = [];
    this.undone = [];
    this.mode = ""; // "": moving about, "type": the text replaces what was, "edit": the caret moves in the text
    if (!saving) return;
    const root = sheet.root;
    root.querySelector("[data-bar]").hidden = false;
    root.querySelector("[data-keys]").hidden = false;
    root.addEventListener("click", (event) => {
      const name = event.target.closest("[data-do]")?.dataset.do;
      if (name) this[name]?.() ?? saving[name]?.();
    });
  }

  isDirty(cell) { return Boolean(cell?.input) && cell.input.value !== cell.start; }

  // What was typed into the active cell becomes an act.
  commit() {
    const cell = this.sheet.active;
    this.mode = "";
    if (!this.isDirty(cell)) return;
    const before = cell.start;
    cell.start = cell.input.value;
    this.take([{ cell, before, after: cell.input.value }]);
  }

  revert() {
    const cell = this.sheet.active;
    this.mode = "";
    cell.input.value = cell.start;
    cell.input.select();
    this.saving.forget(cell);
  }

  // Puts texts into cells; a text that is there already is left alone.
  put(pairs) {
    const changes = pairs
      .map(([cell, after]) => ({ cell, before: this.sheet.text(cell), after }))
      .filter(({ before, after }) => plain(before) !== plain(after));
    if (changes.length) this.take(changes);
    return changes.length;
  }

  take(changes) {
    if (!this.saving) return;
    this.done.push(changes);
    this.undone = [];
    this.apply(changes);
  }

  apply(changes) {
    for (const { cell, after } of changes) {
      if (cell.input) cell.input.value = cell.start = after;
    }
    this.saving.add(changes);
    this.tell();
  }

  undo() { this.turn(this.done, this.undone); return true; }
  redo() { this.turn(this.undone, this.done); return true; }

  turn(from, to) {
    const changes = from.pop();
    if (!changes) return;
    const back = changes.map(({ cell, before, after }) => ({ cell, before: after, after: before }));
    to.push(back);
    this.apply(back);
    this.sheet.focus(back[0].cell);
  }

  // An act that was put back is no longer there to undo.
  drop(changes) {
    this.done = this.done.filter((one) => one !== changes);
    this.undone = this.undone.filter((one) => one !== changes);
    this.tell();
  }

  tell() {
    const button = (name) => this.sheet.root.querySelector(`[data-do=${name}]`);
    button("undo").disabled = !this.done.length;
    button("redo").disabled = !this.undone.length;
  }

  clear() { this.put(this.sheet.selected().filter((cell) => cell.input).map((cell) => [cell, ""])); }

  // The first of each selected row into the rest; from one cell alone to the year's last open month.
  fill() {
    this.commit();
    const { sheet } = this;
    const isColumn = sheet.active.col === sheet.far.col;
    const pairs = sheet.block().flatMap((cells) => {
      const rest = isColumn
        ? sheet.rows[cells[0].row].cells.slice(cells[0].col + 1).filter((cell) => cell.isOpen)
        : cells.slice(1).filter((cell) => cell.input);
      return rest.map((cell) => [cell, sheet.text(cells[0])]);
    });
    this.filled(this.put(pairs));
    return true;
  }

  // The last known month of each selected row into the open months after it.
  carry() {
    this.commit();
    const pairs = this.sheet.block().flatMap(([{ row }]) => {
      const { cells, before } = this.sheet.rows[row];
      const last = cells.findLastIndex((cell) => plain(this.sheet.text(cell)));
      const text = last < 0 ? before : this.sheet.text(cells[last]);
      return text ? cells.slice(last + 1).filter((cell) => cell.isOpen).map((cell) => [cell, text]) : [];
    });
    this.filled(this.put(pairs));
    return true;
  }

  filled(count) {
    this.sheet.announce(count ? `${count} ${this.sheet.words.tFilled}` : this.sheet.words.tNothing);
    this.sheet.focus(this.sheet.active);
  }

  spread() {
    this.commit();
    const { sheet } = this;
    const row = sheet.rows[sheet.active.row];
    const chosen = sheet.block()[0];
    const dialog = sheet.root.querySelector("[data-dialog=spread]");
    const form = dialog.querySelector("form");
    const error = dialog.querySelector("[data-error]");
    dialog.querySelector("[data-row-name]").textContent = row.title;
    form.elements.months.value = sheet.isRange && chosen.length > 1 ? "chosen" : "open";
    error.hidden = true;
    form.onsubmit = async (event) => {
      event.preventDefault();
      const which = { open: (cell) => cell.isOpen, all: (cell) => cell.input, chosen: (cell) => cell.input };
      const cells = (form.elements.months.value === "chosen" ? chosen : row.cells).filter(which[form.elements.months.value]);
      const query = new URLSearchParams({
        row: row.name, year: sheet.words.year, unit: sheet.words.unit, amount: form.elements.amount.value,
        months: cells.map((cell) => cell.col + 1).join(),
      });
      for (const cell of row.cells) query.append("v", sheet.text(cell));
      const answer = await fetch(`${sheet.words.spread}?${query}`, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
      const found = await answer?.json().catch(() => null);
      if (answer?.ok) {
        dialog.close();
        this.filled(this.put(Object.entries(found.cells).map(([key, text]) => [sheet.byKey.get(key), text])));
      } else {
        error.textContent = found?.message ?? sheet.words.tFailed;
        error.hidden = false;
        form.elements.amount.focus();
      }
    };
    dialog.querySelector("[data-close]").onclick = () => dialog.close();
    dialog.onclose = () => sheet.focus(sheet.active);
    dialog.showModal();
    form.elements.amount.select();
    return true;
  }
}

// A text as a spreadsheet reads it: no groups, the minus of the keyboard.
export function plain(text) {
  const groups = document.documentElement.lang === "en" ? /[\s,]/g : /\s/g;
  return text.replace(groups, "").replace("\u2212", "-");
}
