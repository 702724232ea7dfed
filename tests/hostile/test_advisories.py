"""Known holes of the libraries that are locked: none is older than the release that closed it.

Requirement: ASVS 5.0 15.2.1. `pip-audit` asks the network and passes when it cannot; this table is
read from the lock file, and is to be gone through with every change of the lock.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).parent.parent.parent

CLOSED_IN = {
    "authlib": ("1.9.9", "CVE-2026-41479, CVE-2026-44681, PYSEC-2026-4354 to -4360"),
    "joserfc": ("1.8.0", "CVE-2025-65015, CVE-2026-49852, -62995, -75509, -102946, -119284"),
    "jinja2": ("3.1.6", "CVE-2024-56201, CVE-2024-56326, CVE-2025-27516"),
    "starlette": ("1.3.1", "request smuggling and range headers"),
    "python-multipart": ("0.0.30", "denial of service by crafted parts"),
    "python-socketio": ("5.16.4", "deserialisation and event names"),
    "httpx": ("0.28.1", "CVE-2021-41945"),
    "h11": ("0.16.0", "CVE-2025-43859"),
    "aiohttp": ("3.14.2", "PYSEC-2026-3547"),
    "nicegui": ("3.18.0", "GHSA-46f2-xhpw-8vh3, GHSA-955g-h32v-mvrr, GHSA-p92q-2755-mhgh"),
}
"""The least release without a known hole, and what it closed. Three of NiceGUI's are open in 3.18:
the elements that have them are banned by `python -m app lint`."""


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
@pytest.mark.parametrize("name", CLOSED_IN)
def test_no_locked_release_has_a_known_hole(lock: str, name: str) -> None:
    text = (ROOT / lock).read_text()
    found = re.search(rf"^{re.escape(name)}==([^\s\\]+)", text, re.MULTILINE)
    assert found is not None, f"{name} is not in {lock}: take it out of this table"
    least, closed = CLOSED_IN[name]
    assert Version(found[1]) >= Version(least), closed
