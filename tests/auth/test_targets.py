"""A redirect leads to a path of ours or nowhere."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth import local_path, new_secret

EVIL = (
    "", "x", "evil.example", "//evil.example", "///evil.example", "/\\evil.example",
    "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example",
    "/ /evil.example", "https:evil.example", "https://evil.example", "https:/evil.example",
    "HTTPS://evil.example", "javascript:alert(1)", "data:text/html,x", "//evil.example/%2e%2e",
    "/%2fevil.example", "/%2Fevil.example", "/%252fevil.example", "/%5cevil.example",
    "/%09/evil.example", "/%00", "/a//evil.example", "/../evil", "/a/../../evil", "/./a",
    "/%2e%2e/evil", "/a\x7f", "/a\r\nSet-Cookie: x=1", "/%0d%0aSet-Cookie:x", "/?a=\nb",
    "/sign-in", "/sign-in/x", "/sign-out", "/demo/sign-in/102", "/%73ign-out", "/portal/101/x",
    "/tools/recurring/portal/101", "/_nicegui_ws/x", "/" + "a" * 2000, " /schedule",
    "/%25252525252fevil.example",
)  # fmt: skip


@pytest.mark.parametrize("target", EVIL)
def test_what_is_not_a_path_of_ours_is_refused(target: str) -> None:
    assert local_path(target) is None


@pytest.mark.parametrize(
    ("target", "clean"),
    [
        ("/", "/"),
        ("/schedule", "/schedule"),
        ("/subscriptions/301", "/subscriptions/301"),
        ("/orders?page=2", "/orders?page=2"),
        ("/orders?page=2&token=secret", "/orders?page=2"),
        ("/orders?Token=secret", "/orders"),
        ("/schedule#december", "/schedule"),
        ("/search?q=a%20b", "/search?q=a+b"),
        ("/café", "/caf%C3%A9"),
        ("/a?next=//evil.example", "/a?next=%2F%2Fevil.example"),
    ],
)
def test_a_path_of_ours_is_kept_without_secrets(target: str, clean: str) -> None:
    assert local_path(target) == clean
    assert local_path(clean) == clean


def test_nothing_is_nothing() -> None:
    assert local_path(None) is None


@given(st.text(alphabet="/\\.%25ecfEV:?#@a\t\n\r \x00é;", max_size=12))
def test_no_text_leads_to_another_host(rest: str) -> None:
    path = local_path("/" + rest)
    if path is None:
        return
    landed = urlsplit(urljoin("https://account.shop.example/sign-in", path))
    assert (landed.scheme, landed.netloc) == ("https", "account.shop.example")
    assert path.isascii()
    assert "\\" not in path


def test_no_secret_goes_along() -> None:
    secret = new_secret()
    assert local_path(f"/orders/{secret}") is None
    assert local_path(f"/payment-methods/add/{secret}") == f"/payment-methods/add/{secret}"
    assert local_path(f"/orders?page=2&x={secret}") == "/orders?page=2"
