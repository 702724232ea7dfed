"""JSON from outside is read without benefit of the doubt."""

from __future__ import annotations

import pytest

from app.auth.strict_json import BadJson, strict_json


def test_what_is_json_is_read() -> None:
    assert strict_json(b'{"a": [1, 2.5, null, true, "x"]}') == {"a": [1, 2.5, None, True, "x"]}


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{", b'{"a": 1, "a": 1}', b'[{"a": {"b": 1, "b": 2}}]', b"NaN", b"-Infinity",
        b'{"a": Infinity}', b"[" * 100_000, b'{"a":' * 50_000, b"\xff", b"1" * 5000,
        b"\xff\xfe{\x00}\x00", "{}".encode("utf-16-le"), "{}".encode("utf-32"), b"\xef\xbb\xbf{}",
    ],
    ids=lambda text: repr(text[:20]),
)  # fmt: skip
def test_what_could_mean_two_things_is_refused(text: bytes) -> None:
    with pytest.raises(BadJson):
        strict_json(text)
