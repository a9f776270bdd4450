"""Takes a picture of every page at three widths: `make screens`.

Starts a portal of its own in a temporary folder with the demo data, signs in as the demo accounts, and writes
docs/screens/<page>-<width>.webp. Pictures are WebP, cut at a height that shows what the page is and scaled
down from 1440 px, so that the whole folder stays under LIMIT_BYTES.

    make screens                           all of them
    make screens ONLY=reporting:dashboard  one page (the beginning of its name)
"""

from __future__ import annotations

import base64
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "docs" / "screens"
LIMIT_BYTES = 12_000_000
START_SECONDS = 600
PASSWORD = "tilannekuva"
HOME = "kymenlaakso"


@dataclass(frozen=True)
class Size:
    """A width of the window in px, the greatest height of its picture, and the picture's scale."""

    width: int
    height: int
    scale: float


SIZES = (Size(1440, 2400, 0.7), Size(390, 2600, 0.8), Size(320, 1600, 0.8))
QUALITY = 62


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def portal(data: Path) -> Iterator[str]:
    """A portal with demo data in the folder, stopped at the end; its address."""
    port = free_port()
    settings = {
        "PORTAL_DATA_DIR": str(data), "PORT": str(port), "PORTAL_DEMO": "1", "PORTAL_DIE_WITH_PARENT": "1",
    }  # fmt: skip
    os.environ.update(settings)
    log = (data / "screens.log").open("ab")
    running = subprocess.Popen(
        [sys.executable, "-m", "config.supervisor"], cwd=ROOT, env=os.environ, stdout=log, stderr=log
    )
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{base}/readyz", running)
        yield base
    finally:
        running.terminate()
        running.wait(60)


def wait_for(address: str, running: subprocess.Popen[bytes]) -> None:
    """Until the portal answers. Raises SystemExit when it ends first or takes too long."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if running.poll() is not None:
            raise SystemExit("The portal did not start; its log is screens.log in its folder.")
        try:
            with urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(1)
    raise SystemExit("The portal did not answer in time.")


@contextmanager
def database(data: Path) -> Iterator[Any]:
    """Django, joined to the portal's database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    from config import embedded

    claim = embedded.use(data)
    import django

    django.setup()
    from programme.models import Programme

    yield Programme.objects.get(slug=HOME)
    del claim


def sign_in(browser: Any, base: str, who: str) -> Any:
    """A tab of the account; of nobody when it has no name."""
    context = browser.new_context(locale="fi-FI", reduced_motion="reduce")
    tab = context.new_page()
    if who:
        tab.goto(f"{base}/accounts/login/")
        tab.fill("input[name=login]", who)
        tab.fill("input[name=password]", PASSWORD)
        tab.press("input[name=password]", "Enter")
        tab.wait_for_load_state("networkidle")
    return tab


def picture(tab: Any, size: Size) -> bytes:
    """The page from its top as WebP."""
    tall = tab.evaluate("document.documentElement.scrollHeight")
    session = tab.context.new_cdp_session(tab)
    clip = {"x": 0, "y": 0, "width": size.width, "height": min(tall, size.height), "scale": size.scale}
    shot = session.send(
        "Page.captureScreenshot",
        {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True},
    )
    session.detach()
    return base64.b64decode(shot["data"])


def take_all(base: str, addresses: dict[str, tuple[str, str]], out: Path) -> int:
    """Pictures of file name -> (address, account); how many bytes they take."""
    from playwright.sync_api import sync_playwright

    written = 0
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox", "--hide-scrollbars"],
        )
        tabs: dict[str, Any] = {}
        for file, (address, who) in addresses.items():
            tab = tabs.get(who) or tabs.setdefault(who, sign_in(browser, base, who))
            for size in SIZES:
                tab.set_viewport_size({"width": size.width, "height": 900})
                tab.goto(base + address)
                tab.wait_for_load_state("networkidle")
                image = picture(tab, size)
                (out / f"{file}-{size.width}.webp").write_bytes(image)
                written += len(image)
            print(f"  {address}", flush=True)
        browser.close()
    return written


def asked_addresses(programme: Any, only: str) -> dict[str, tuple[str, str]]:
    """File name -> (address, account) of the pages to picture."""
    from accounts.models import User
    from scripts.screens.pages import PAGES, address_of
    from scripts.screens.stage import set_stage

    set_stage(programme, User.objects.get(username="pmo"))
    found = {}
    for page in PAGES:
        if page.is_pictured and page.name.startswith(only):
            try:
                found[page.file] = (address_of(page, programme), page.who)
            except LookupError as error:
                print(f"  left out: {error}")
    return found


def main() -> None:
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="portal-screens-") as folder:
        data = Path(folder)
        with portal(data) as base:
            with database(data) as programme:
                addresses = asked_addresses(programme, only)
            if not only:
                for old in OUT.glob("*.webp"):
                    old.unlink()
            take_all(base, addresses, OUT)
    size = sum(file.stat().st_size for file in OUT.iterdir())
    print(f"{len(addresses)} pages, {size / 1_000_000:.1f} MB in {OUT.relative_to(ROOT)}")
    if size > LIMIT_BYTES:
        raise SystemExit(
            f"The pictures take more than {LIMIT_BYTES // 1_000_000} MB: lower QUALITY or the heights."
        )


if __name__ == "__main__":
    main()
