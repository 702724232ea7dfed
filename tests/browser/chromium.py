"""Which Chromium the browser tests and benchmarks drive: Playwright's own, else the system's.

``python -m tests.browser.chromium`` prints its path and fails where there is none.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright, sync_playwright

# Chromium's sandbox needs rights that containers lack; the rest keeps it from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium(playwright: Playwright) -> str | None:
    """The path of the browser, or None."""
    own = playwright.chromium.executable_path
    if Path(own).exists():
        return own
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


def launch_options(playwright: Playwright) -> dict[str, Any]:
    """What `playwright.chromium.launch` is given.

    Raises:
        FileNotFoundError: there is no browser on this machine.
    """
    path = find_chromium(playwright)
    if path is None:
        raise FileNotFoundError("There is no Chromium on this machine: run `tools/setup test`.")
    return {"executable_path": path, "args": ARGUMENTS}


if __name__ == "__main__":
    with sync_playwright() as started:
        found = find_chromium(started)
    if found:
        sys.stdout.write(f"{found}\n")
    sys.exit(not found)
