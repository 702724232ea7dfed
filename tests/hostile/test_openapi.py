"""What schemathesis makes of our own description of our routes: no answer is a failure of ours.

Requirement: "schemathesis over our own OpenAPI description: no 5xx".
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.auth import Cookies
from app.web.openapi import describe
from tests.hostile.conftest import Stage

_EXPECTED = {503}
"""The card form's maker and an identity provider that does not answer are said to be so."""


def attacked(stage: Stage, folder: Path, *options: str) -> str:
    """What schemathesis printed, after it found nothing; else the test fails with it."""
    cookies = Cookies(is_secure=False)
    document = describe(
        stage.service.address, session_cookie=cookies.session, merchant_cookie=cookies.merchant
    )
    description = folder / "openapi.json"
    description.write_text(json.dumps(document))
    ran = subprocess.run(
        [
            str(Path(sys.executable).parent / "schemathesis"),
            "run",
            str(description),
            "--url",
            stage.service.address,
            "--checks",
            "not_a_server_error",
            "--generation-deterministic",
            "--suppress-health-check",
            "all",
            "--no-shrink",
            "--max-redirects",
            "0",
            "--continue-on-failure",
            *options,
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]
    return ran.stdout


@pytest.mark.parametrize("who", ["a stranger", "a customer", "a program"])
def test_no_request_makes_the_service_fail(stage: Stage, tmp_path: Path, who: str) -> None:
    headers = {
        "a stranger": [],
        "a customer": ["-H", f"Cookie: {stage.mara}", "-H", "Sec-Fetch-Site: same-origin"],
        "a program": ["-H", f"Authorization: Bearer {'m' * 40}"],
    }[who]
    told = attacked(stage, tmp_path, "--phases", "examples,coverage,fuzzing", "-n", "3", *headers)
    assert "No issues found" in told or "passed" in told


@pytest.mark.long
def test_no_long_row_of_requests_makes_it_fail(stage: Stage, tmp_path: Path) -> None:
    attacked(
        stage, tmp_path, "-n", "60",
        "-H", f"Cookie: {stage.mara}", "-H", "Sec-Fetch-Site: same-origin",
    )  # fmt: skip
