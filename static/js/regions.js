// Parts of the page that scroll or change by themselves. A table's scroll region is a stop of the Tab key only while
// it really scrolls. When htmx changes the part that holds the focus, the focus stays where the person was.

const watched = new WeakSet();
const watcher = new ResizeObserver((entries) => {
  for (const entry of entries) mark(entry.target.closest(".table-scroll"));
});

function mark(region) {
  if (!region) return;
  if (region.scrollWidth > region.clientWidth + 1) region.tabIndex = 0;
  else if (region === document.activeElement) region.tabIndex = -1; // nobody loses the focus; the next Tab moves on
  else region.removeAttribute("tabindex");
}

export function markScrollRegions(root) {
  for (const region of root.querySelectorAll?.(".table-scroll") ?? []) {
    if (watched.has(region)) continue;
    watched.add(region);
    mark(region); // at once: the watcher tells later, when a quick hand may have come to it by Tab
    watcher.observe(region);
    if (region.firstElementChild) watcher.observe(region.firstElementChild); // a cell that becomes a form widens it
  }
}

const STOPS = "a[href], button:not([disabled]), input:not([type=hidden], [disabled]), select, textarea, summary";

export function keepFocus() {
  let held = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const here = document.activeElement;
    held = event.detail.shouldSwap && event.detail.target?.contains(here) && here !== document.body ? here : null;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.target;
    if (!held || !part.isConnected || part === document.body) return;
    const lost = document.activeElement === document.body || !document.activeElement?.isConnected;
    if (lost) (sameAs(held, part) ?? part.querySelector(STOPS) ?? focusable(part)).focus();
    held = null;
  });
}

// What now stands where the held element stood: the same id, address or name and value.
function sameAs(held, part) {
  if (held.id) {
    const same = document.getElementById(held.id);
    if (same) return same;
  }
  const all = [...part.querySelectorAll(STOPS)];
  const alike = (one, name) => held.getAttribute(name) && one.getAttribute(name) === held.getAttribute(name);
  return all.find((one) => alike(one, "href") || (alike(one, "name") && one.value === held.value));
}

function focusable(part) {
  part.tabIndex = -1;
  return part;
}
