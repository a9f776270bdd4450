// Rows chosen for a change: one box for the whole page, and how many are chosen. Without scripts the boxes and
// the buttons work alike.

for (const form of document.querySelectorAll("[data-bulk]")) {
  const boxes = [...document.querySelectorAll(`input[name=row][form="${form.id}"]`)];
  const all = document.querySelector("[data-bulk-all]");
  const count = form.querySelector("[data-bulk-count]");
  const change = form.querySelector("button:not([name])");

  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    if (count) count.textContent = chosen ? (chosen === 1 ? form.dataset.one : form.dataset.many.replace("%s", chosen)) : "";
    if (change) change.setAttribute("aria-disabled", String(!chosen));
    if (all) {
      all.checked = chosen === boxes.length && chosen > 0;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  };

  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      tell();
    });
  }
  form.addEventListener("submit", (event) => {
    if (event.submitter === change && !boxes.some((box) => box.checked)) event.preventDefault();
    else if (event.submitter?.name === "all") for (const box of boxes) box.checked = false;
  });
  for (const box of boxes) box.addEventListener("change", tell);
  tell();
}
