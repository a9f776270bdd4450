// Cells that are edited where they stand: Escape cancels, the focus stays in the cell, saving is said aloud.
// htmx does the rest; without scripts each link leads to a page with the same form.

const CELL = "[data-inline] td, [data-inline] dd";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const cancel = event.target.closest?.(".cell-form")?.querySelector("[data-cancel]");
  if (!cancel) return;
  event.preventDefault();
  cancel.click();
});

document.addEventListener("htmx:afterSettle", (event) => {
  const cell = event.detail.target;
  if (!cell?.matches?.(CELL)) return;
  const form = cell.querySelector(".cell-form");
  const field = form?.querySelector(".field--error :is(input, select, textarea)") ?? form?.querySelector("select, textarea, input:not([type=hidden])");
  (field ?? cell.querySelector(".cell-edit"))?.focus();
  const saved = cell.querySelector("[data-saved]");
  const announce = document.getElementById("announce");
  if (saved && announce) announce.textContent = saved.dataset.saved;
});
