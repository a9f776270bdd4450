// What every page does by itself: menus that close, scroll regions that take focus only when they scroll,
// errors that are said aloud. Each piece works on pages that have nothing of its kind.

import { closeMenus } from "./menus.js";
import { listen } from "./feedback.js";
import { keepFocus, markScrollRegions } from "./regions.js";

closeMenus();
listen();
markScrollRegions(document);

document.querySelector("[data-focus]")?.focus();
document.addEventListener("htmx:afterSettle", (event) => {
  markScrollRegions(event.target);
  event.target.querySelector?.("[data-focus]")?.focus();
});
keepFocus(); // after the listener above: what the page says itself comes first
