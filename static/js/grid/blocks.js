// Blocks of cells to and from a spreadsheet: tabs between months, a new line for each row.

import { plain } from "./acts.js";

export function watchBlocks(sheet, acts) {
  const { root } = sheet;
  const here = (event) => {
    const cell = sheet.of(event.target) ?? sheet.of(document.activeElement);
    return cell && cell === sheet.active && !acts.mode && event.clipboardData ? cell : null;
  };

  const copy = (event) => {
    if (!here(event)) return false;
    const rows = sheet.block().map((cells) => cells.map((cell) => plain(sheet.text(cell))).join("\t"));
    event.clipboardData.setData("text/plain", rows.join("\r\n"));
    event.preventDefault();
    return true;
  };
  document.addEventListener("copy", copy);
  document.addEventListener("cut", (event) => { if (copy(event) && acts.saving) acts.clear(); });
  root.addEventListener("paste", (event) => {
    const cell = here(event);
    if (!cell || !acts.saving) return;
    event.preventDefault();
    paste(rowsOf(event.clipboardData.getData("text/plain")));
  });

  function paste(rows) {
    const [[corner]] = sheet.block();
    if (rows.length === 1 && rows[0].length === 1) {
      acts.put(sheet.selected().filter((cell) => cell.input || !sheet.isRange).map((cell) => [cell, rows[0][0]]));
      return;
    }
    const pairs = rows.flatMap((texts, down) =>
      texts.map((text, right) => [sheet.at(corner.row + down, corner.col + right), text]));
    if (pairs.some(([cell]) => !cell)) {
      acts.saving.say(sheet.words.tOutside, true);
      return;
    }
    acts.put(pairs);
    sheet.reach(pairs.at(-1)[0]);
  }
}

function rowsOf(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  return lines.map((line) => line.split("\t").map((part) => part.trim()));
}
