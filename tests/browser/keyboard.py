"""Somebody who has a keyboard and no mouse: moves by Tab, sees where the focus is, presses and types."""

from typing import Any

from playwright.sync_api import expect

FURTHEST = 150  # presses of Tab; no page has more stops before what is looked for

#: What holds the focus now: whether it matches, whether it is lost, and why it cannot be seen.
FOCUS = """
(wanted) => {
  const here = document.activeElement;
  if (!here || here === document.body || here === document.documentElement) return { lost: true };
  const around = [here, here.closest("label, .field--check, td, li, summary")].filter(Boolean);
  const ringed = around.map((one) => getComputedStyle(one)).some((style) =>
    (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none");
  const box = here.getBoundingClientRect();
  const isBig = box.width > 0 && box.height > 0;
  const isInside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return { lost: false, is: here.matches(wanted), ringed, seen: isBig && isInside, html: here.outerHTML.slice(0, 140) };
}
"""


class Keyboard:
    """The keys of one tab. After each press of Tab the focus must be somewhere, in sight and marked."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def focus(self, wanted: str = "*") -> dict[str, Any]:
        """What holds the focus; fails when it is lost or cannot be seen."""
        found: dict[str, Any] = self.page.evaluate(FOCUS, wanted)
        assert not found["lost"], f"the focus is lost on {self.page.url}"
        assert found["ringed"], f"no mark on {found['html']} on {self.page.url}"
        assert found["seen"], f"out of sight: {found['html']} on {self.page.url}"
        return found

    def to(self, wanted: str, *, key: str = "Tab") -> None:
        """Tab until `wanted` (a selector) has the focus."""
        passed = []
        for _press in range(FURTHEST):
            self.press(key)
            found = self.focus(wanted)
            if found["is"]:
                return
            passed.append(found["html"])
        raise AssertionError(f"Tab never came to {wanted} on {self.page.url}; it passed {passed[-12:]}")

    def skip(self) -> None:
        """The skip link: past the menus, to the content. An address with "#" begins in the content already."""
        if "#" in self.page.url:
            return
        self.press("Tab")
        assert self.page.evaluate("document.activeElement.className") == "skip-link"
        self.press("Enter")
        expect(self.page.locator("#content")).to_be_focused()

    def choose(self, label: str) -> None:
        """Takes an option of the select that has the focus by typing how it begins."""
        self.type(label)
        chosen = self.page.evaluate("document.activeElement.selectedOptions[0].label")
        assert chosen.startswith(label), f"{label} typed, {chosen} chosen"

    def go(self, key: str = "Enter") -> None:
        """Presses, and waits for the page that comes."""
        with self.page.expect_navigation():
            self.press(key)
        self.page.wait_for_load_state()
