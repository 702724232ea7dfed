"""What hostile requests are made of. The cases are made from the access table and from what the
pages listen for, so that none is forgotten; what is wrong with each stands here, once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from app.auth import ACCESS, Entry

EVIL = "evil.example"
"""A host that nobody may be led to."""
FORGED = "zz-forged-zz"
"""What no line of a log and no header of an answer may begin with."""
_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


def filled(entry: Entry, value: str) -> str:
    """The address of an entry with `value`, percent-encoded, in each of its places."""
    return _PARAMETER.sub(lambda _: value, entry.path)


def of_ours(method: str) -> list[Entry]:
    """What is asked by this method, NiceGUI's own files left out."""
    return [one for one in ACCESS if method in one.methods and "/_nicegui/" not in one.path]


def spellings(id: int, other: int) -> Iterator[str]:
    """An id written as none of ours is, and ways from it to `other`'s: as it stands in an address.

    What Python, pydantic, a database and an HTTP client take for a number is wider than what we do
    (security.md, F11).
    """
    text = str(id)
    yield from (f"{text[0]}_{text[1:]}", f"%20{text}", f"{text}%20", f"+{text}", f"%2B{text}")
    yield from (f"0{text}", f"{text}.0", f"-{text}", f"{text}e0", hex(id), f"{text}l", f"%09{text}")
    yield quote("".join(chr(0x660 + int(sign)) for sign in text))  # Arabic digits
    yield quote("".join(chr(0xFF10 + int(sign)) for sign in text))  # full-width ones
    yield from (f"{text}%00", f"{text}%0A", f"{text}%0D%0A", f"{other};{text}", f"{text},{other}")
    yield from (
        f"{text}%2F..%2F{other}",
        f"{text}/../{other}",
        f"..%2F{other}",
        f"%2e%2e%2f{other}",
    )
    yield from (f"{text}%252F..%252F{other}", f"{text}%5C{other}", f"%2F%2F{EVIL}", f"{text}%3Fa=1")
    yield from (f"{text}%23", f"{text}%26customer_id={other}", f"%7B{text}%7D", f"%5B{text}%5D")
    yield from ("9" * 19, "9" * 400, str(2**63), str(2**64 + id), "null", "true", "NaN", "%FF")
    yield from ("0", "-1", "1e3", f"{text}%27%20OR%201=1--", f"{text}'", "%E2%80%AE1", "undefined")


REDIRECTS = (
    f"//{EVIL}", f"///{EVIL}", f"////{EVIL}/", f"/\\{EVIL}", f"\\\\{EVIL}", f"\\/{EVIL}",
    f"/%2f{EVIL}", f"/%2F%2F{EVIL}", f"/%5c{EVIL}", f"/%255c{EVIL}", f"/%252f{EVIL}",
    f"/\t/{EVIL}", f"/\n/{EVIL}", f"/\r\n/{EVIL}", f"\t//{EVIL}", f" //{EVIL}", f"/%09/{EVIL}",
    f"/%0d%0a/{EVIL}", f"/.//{EVIL}", f"/..//{EVIL}", f"/a/..//{EVIL}", f"/%2e%2e//{EVIL}",
    f"https://{EVIL}", f"http:{EVIL}", f"https:/{EVIL}", f"https:\\\\{EVIL}", f"HTTPS://{EVIL}",
    f"http://localhost@{EVIL}/", f"//localhost@{EVIL}", f"//localhost:80@{EVIL}", f"@{EVIL}",
    f".{EVIL}", f"//{EVIL}%00/", f"/\u2044{EVIL}", f"//{EVIL}\u3002com", f"/\u2215{EVIL}",
    f"//[{EVIL}]",
    f"javascript:alert(1)//{EVIL}", f"data:text/html,{EVIL}", f"vbscript:{EVIL}",
    f"view-source:https://{EVIL}", f"ftp://{EVIL}", "javascript:alert(1)", "%6aavascript:alert(1)",
    "java\nscript:alert(1)", "/sign-out", "/sign-in/with/harbor", "/demo/sign-in/102", "/demo",
    "/portal/101aaaaaaaaaaaaaaaa", "/_nicegui/x", "/sign-in?next=//" + EVIL,
)  # fmt: skip
"""Places to go on to that are none: other hosts by any reading of a browser's, scripts, and where
one would be signed in or out by arriving."""


def is_led_away(location: str, origin: str) -> bool:
    """Whether a browser would leave us at this ``Location``, read as browsers do: tabs and line
    ends are dropped, and a backslash is a slash (WHATWG URL)."""
    seen = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    if seen.startswith(origin + "/") or seen == origin:
        return False
    return not seen.startswith("/") or seen.startswith("//")


def lines() -> Iterator[str]:
    """Texts that would end a line, and begin one of their own."""
    for end in (
        "\r\n",
        "\n",
        "\r",
        "\u2028",
        "\x85",
        "\x0b",
        "%0d%0a",
        "%0a",
        "\\r\\n",
        "\x1b[2K\r",
    ):
        yield f"a{end}{FORGED}: 1{end}{end}{FORGED}"


def bodies() -> Iterator[tuple[str, bytes]]:
    """Kinds and bodies that nobody reads whole."""
    form, data = "application/x-www-form-urlencoded", "application/json"
    yield form, b"a=" + b"b" * 3_000_000
    yield form, b"&".join(b"f%d=1" % number for number in range(50_000))
    yield form, b"&" * 500_000
    yield form, b"%" * 100_000
    yield form, b"a=%ff%fe%00"
    yield data, b"[" * 100_000
    yield data, b'{"a":' * 20_000
    yield data, b"[" + b"1," * 500_000 + b"1]"
    yield data, b'{"target": "/' + b"a" * 3_000_000 + b'"}'
    yield data, b"1" * 200_000
    yield data, b"1e999999999"
    yield data, b'"\\ud800"'
    yield data, b"\xff\xfe{\x00}\x00"
    yield data, b""
    yield "multipart/form-data; boundary=x", b"--x\r\n" * 100_000
    yield "multipart/form-data; boundary=" + "x" * 5_000, b"--x--"
    yield "text/xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    yield "application/octet-stream", b"\x00" * 2_000_000


def changed(token: str) -> Iterator[str]:
    """A token that is almost one: cut, lengthened, with one sign turned, or doubled."""
    middle = len(token) // 2
    turned = "A" if token[middle] != "A" else "B"
    yield token[:-1]
    yield token[1:]
    yield token + "A"
    yield token[:middle] + turned + token[middle + 1 :]
    yield token[::-1]
    yield token + token
    yield token.swapcase()
    yield token + "%00"
    yield ""


UNFIT: tuple[Any, ...] = (
    None, "", "0", "null", "true", "[]", "{}", '"text"', "1e999", "NaN", '{"detail": null}',
    '{"detail": 1}', '{"detail": ["a"]}', '{"detail": {"a": "b"}}', '{"detail": "a", "id": 102}',
    '{"newState": "ajar"}', '{"newState": "open", "customer_id": 102}', '{"__proto__": {}}',
    json.dumps({"detail": "x" * 8_001}), '{"detail": "a"', "\x00", '"//' + EVIL + '/"x',
    '"javascript:alert(1)"', json.dumps("x" * 9_000), '"' + EVIL + '"', "[" * 500 + "]" * 500,
    '{"detail": "\\ud800"}',
)  # fmt: skip
"""What no event of ours brings, as it comes over the wire: texts of JSON."""
