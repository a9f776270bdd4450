// Moving and typing as in a spreadsheet.

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export function watchKeys(sheet, acts) {
  const { root } = sheet;
  let leaving = false;

  root.addEventListener("focusin", (event) => {
    const cell = sheet.of(event.target);
    if (!cell || cell.el !== event.target) return;
    if (cell !== sheet.active) sheet.rest(cell);
    acts.mode = "";
    leaving = false;
    cell.input?.select();
  });
  root.addEventListener("focusout", (event) => {
    if (sheet.active?.el === event.target) acts.commit();
  });
  root.addEventListener("input", (event) => {
    const cell = sheet.of(event.target);
    if (!cell?.input) return;
    acts.mode ||= "type";
    acts.saving?.typed(cell);
  });

  // The first press takes the cell, a second one sets the caret.
  root.addEventListener("mousedown", (event) => {
    const cell = event.button === 0 ? sheet.of(event.target) : null;
    if (!cell) return;
    if (event.shiftKey && sheet.active) {
      event.preventDefault();
      acts.commit();
      sheet.reach(cell);
    } else if (document.activeElement === cell.el) {
      if (sheet.isRange) sheet.rest(cell);
      else if (cell.input) acts.mode ||= "edit";
    } else {
      event.preventDefault();
      acts.commit();
      sheet.focus(cell);
      if (sheet.isRange) sheet.rest(cell);
    }
  });
  root.addEventListener("mouseover", (event) => {
    const cell = event.buttons === 1 && !acts.mode ? sheet.of(event.target) : null;
    if (cell && cell !== sheet.far && document.activeElement === sheet.active?.el) sheet.reach(cell);
  });

  root.addEventListener("keydown", (event) => {
    const cell = sheet.of(event.target);
    if (!cell || cell.el !== event.target || event.isComposing || event.altKey) return;
    if (handle(event, cell)) event.preventDefault();
  });

  // Whether the key did something here, so that the browser should do nothing.
  function handle(event, cell) {
    const ctrl = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key !== "Escape" && key !== "Tab" && key !== "Shift") leaving = false;
    if (key in STEPS) return arrow(event, cell, ctrl, STEPS[key]);
    if (key === "Enter") return go(sheet.at(cell.row + (event.shiftKey ? -1 : 1), cell.col), true);
    if (key === "Tab") return tab(event, cell);
    if (key === "Home" || key === "End") return edge(event, cell, ctrl, key === "End");
    if (key === "F2" && cell.input) return edit(cell);
    if (key === "Escape") return escape(cell);
    if (!acts.saving) return false;
    if ((key === "Delete" || key === "Backspace") && !acts.mode) return acts.clear(), true;
    if (ctrl && key === "r") return acts.fill();
    if (ctrl && !acts.mode && key === "z") return event.shiftKey ? acts.redo() : acts.undo();
    if (ctrl && !acts.mode && key === "y") return acts.redo();
    return false;
  }

  function go(cell, always = false) {
    acts.commit();
    if (cell) {
      sheet.focus(cell);
      if (sheet.isRange) sheet.rest(cell);
    }
    return always || Boolean(cell);
  }

  function arrow(event, cell, ctrl, [down, right]) {
    if (acts.mode === "edit" && right) return false;
    const from = event.shiftKey ? sheet.far : cell;
    const last = sheet.rows.length - 1;
    const row = ctrl && down ? (down < 0 ? 0 : last) : Math.min(Math.max(from.row + down, 0), last);
    const col = ctrl && right ? (right < 0 ? 0 : 11) : Math.min(Math.max(from.col + right, 0), 11);
    const to = sheet.at(row, col);
    if (!event.shiftKey) return go(to, true);
    acts.commit();
    sheet.reach(to);
    return true;
  }

  function tab(event, cell) {
    if (leaving) return false;
    const place = cell.row * 12 + cell.col + (event.shiftKey ? -1 : 1);
    return go(sheet.at(Math.floor(place / 12), ((place % 12) + 12) % 12));
  }

  function edge(event, cell, ctrl, isEnd) {
    if (acts.mode === "edit") return false;
    const row = ctrl ? (isEnd ? sheet.rows.length - 1 : 0) : cell.row;
    const to = sheet.at(row, isEnd ? 11 : 0);
    if (!event.shiftKey) return go(to, true);
    sheet.reach(to);
    return true;
  }

  function edit(cell) {
    acts.mode = "edit";
    const end = cell.input.value.length;
    cell.input.setSelectionRange(end, end);
    return true;
  }

  function escape(cell) {
    if (acts.isDirty(cell)) acts.revert();
    else if (sheet.isRange) sheet.rest(cell);
    else leaving = true;
    acts.mode = "";
    cell.input?.select();
    return true;
  }
}
