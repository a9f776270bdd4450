// The month grid as a spreadsheet: starts on the element that the page marks. Without this the same page is a plain
// form. The server reads and writes every amount; here are only texts, keys and the order of saving.

import { Sheet } from "./grid/sheet.js";
import { Saving } from "./grid/saving.js";
import { watchKeys } from "./grid/keys.js";
import { watchBlocks } from "./grid/blocks.js";
import { Acts } from "./grid/acts.js";

for (const root of document.querySelectorAll("[data-month-grid]")) {
  const sheet = new Sheet(root);
  if (!sheet.rows.length) continue;
  root.classList.add("is-live");
  const saving = root.querySelector("[data-bar]") ? new Saving(sheet) : null;
  const acts = new Acts(sheet, saving);
  watchKeys(sheet, acts);
  watchBlocks(sheet, acts);
  saving?.begin(acts);
}
