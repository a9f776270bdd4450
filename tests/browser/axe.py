"""Looking at a page with axe: faults as lines, fast enough for every page at every width."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

#: WCAG 2.2 AA and what axe holds for good practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
async (tags) => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const found = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
  const scrolls = document.documentElement.scrollWidth > document.documentElement.clientWidth;
  const where = (one) => one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ");
  return [
    ...found.violations.map((one) => `${one.id}: ${where(one)}`),
    ...(scrolls ? ["the page scrolls sideways"] : []),
  ];
}
"""


def faults(page: Any) -> list[str]:
    """Accessibility faults of the page as it stands, one line each; sideways scrolling is one."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN, TAGS)


def faults_at(page: Any, widths: tuple[int, ...]) -> list[str]:
    """The same at several widths, without loading the page anew."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"at {width}: {fault}" for fault in faults(page)]
    return found
