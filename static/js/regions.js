// A table's scroll region is a stop of the Tab key only while it really scrolls.

const watched = new WeakSet();
const watcher = new ResizeObserver((entries) => entries.forEach((entry) => mark(entry.target)));

function mark(region) {
  if (region.scrollWidth > region.clientWidth + 1) region.tabIndex = 0;
  else region.removeAttribute("tabindex");
}

export function markScrollRegions(root) {
  for (const region of root.querySelectorAll?.(".table-scroll") ?? []) {
    if (watched.has(region)) continue;
    watched.add(region);
    watcher.observe(region);
  }
}
