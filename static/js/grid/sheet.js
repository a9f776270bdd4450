// The table as rows of cells: which one has the focus, which are selected.

const MONTHS = 12;

export class Sheet {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.rows = [...root.querySelectorAll("tr[data-row]")].map((tr, row) => {
      const known = tr.querySelector("input[type=hidden]").value.split(" ");
      const name = tr.dataset.row;
      const line = tr.closest("tbody").querySelector(".months-line span").textContent;
      const title = `${tr.querySelector("th span").textContent}, ${line}`;
      const cells = [...tr.cells].slice(1, MONTHS + 1).map((td, col) => this.cell(td, name, row, col, known[col]));
      return { tr, name, title, before: tr.dataset.before, cells, sum: tr.cells[MONTHS + 1] };
    });
    this.byKey = new Map(this.rows.flatMap((row) => row.cells).map((cell) => [cell.key, cell]));
    for (const table of root.querySelectorAll(".months-table")) table.setAttribute("role", "grid");
    this.painted = [];
    this.active = this.far = null;
    if (this.rows.length) this.rest(this.rows[0].cells.find((cell) => cell.input) ?? this.rows[0].cells[0]);
  }

  cell(td, name, row, col, known) {
    const input = td.querySelector("input");
    const el = input ?? td;
    const key = `${name}.${this.words.year}-${String(col + 1).padStart(2, "0")}`;
    if (input) input.value = input.defaultValue; // what the browser remembers has old versions
    el.tabIndex = -1;
    return {
      td, input, el, row, col, key, known, label: td.dataset.label,
      saved: input ? input.dataset.saved ?? input.value : td.firstChild.textContent.replace("–", ""),
      start: input?.value, isOpen: Boolean(input) && !td.matches(".is-closed, .is-withdrawn"),
      drafted: td.classList.contains("is-unsaved"),
    };
  }

  text(cell) { return cell.input ? cell.input.value : cell.saved; }

  of(element) {
    const td = element?.closest?.("td");
    const row = td && this.rows.find((one) => one.tr === td.parentNode);
    return row?.cells[td.cellIndex - 1] ?? null;
  }

  at(row, col) { return this.rows[row]?.cells[col] ?? null; }

  // One cell is the stop of the Tab key.
  rest(cell) {
    if (this.active) this.active.el.tabIndex = -1;
    this.active = this.far = cell;
    cell.el.tabIndex = 0;
    this.paint();
  }

  focus(cell) {
    if (!cell) return;
    cell.el.focus();
    cell.input?.select();
    cell.td.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  reach(cell) {
    if (!cell) return;
    this.far = cell;
    cell.td.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.paint();
    this.announce(`${this.selected().length} ${this.words.tSelected}`);
  }

  get isRange() { return this.far !== this.active; }

  // Selected cells, row by row.
  block() {
    const [a, b] = [this.active, this.far];
    const rows = this.rows.slice(Math.min(a.row, b.row), Math.max(a.row, b.row) + 1);
    return rows.map((row) => row.cells.slice(Math.min(a.col, b.col), Math.max(a.col, b.col) + 1));
  }

  selected() { return this.block().flat(); }

  paint() {
    for (const td of this.painted) td.removeAttribute("aria-selected");
    this.painted = this.isRange ? this.selected().map((cell) => cell.td) : [];
    for (const td of this.painted) td.setAttribute("aria-selected", "true");
  }

  announce(text) { document.getElementById("announce").textContent = text; }
}
