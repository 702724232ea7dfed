"""Answers that are errors, in every shape they have been seen in."""

from __future__ import annotations

from typing import Any

import pytest

from app.i18n import Texts
from app.recharge import (
    Conflict,
    InvalidArgument,
    NotFound,
    RateLimited,
    RechargeError,
    Refused,
    Unauthorized,
    UpstreamFailed,
)
from app.recharge.answers import retry_after
from tests.recharge.upstream import SAMPLE_TOKEN, Answer, Upstream, client_of

HTML = Answer(502, "<html><h1>502 Bad Gateway</h1></html>", {"content-type": "text/html"})


async def failed_update(answer: Answer) -> RechargeError:
    client = client_of(Upstream([answer]))
    with pytest.raises(RechargeError) as caught:
        await client.customers.update(101, email="mara@example.com")
    return caught.value


async def failed_read(answer: Answer) -> RechargeError:
    with pytest.raises(RechargeError) as caught:
        await client_of(Upstream([answer])).customers.get(101)
    return caught.value


@pytest.mark.parametrize(
    ("body", "fields", "messages"),
    [
        ({"errors": "Not Found"}, {}, ("Not Found",)),
        ({"errors": {"name": ["Too short.", "Odd."]}}, {"name": ["Too short.", "Odd."]}, ()),
        ({"errors": {"email": "already exists"}}, {"email": ["already exists"]}, ()),
        (
            {"errors": {"billing_address": {"address1": ["Field may not be null."]}}},
            {"billing_address.address1": ["Field may not be null."]},
            (),
        ),
        ({"errors": {"_schema": ["city is required.", "city is required."]}}, {},
         ("city is required.",)),
        ({"errors": {"items": {"0": {"_schema": ["Odd."]}}}}, {"items.0": ["Odd."]}, ()),
        ({"errors": ["One.", "Two."]}, {}, ("One.", "Two.")),
        ({"error": "endpoint not found"}, {}, ("endpoint not found",)),
        ({"warning": "too many requests"}, {}, ("too many requests",)),
        ({"errors": None}, {}, ()),
        ({}, {}, ()),
        (None, {}, ()),
    ],
)  # fmt: skip
async def test_a_refusal_tells_its_reasons_in_one_shape(
    body: Any, fields: dict[str, list[str]], messages: tuple[str, ...]
) -> None:
    error = await failed_update(Answer(422, body))
    assert type(error) is Refused
    assert (error.status, error.executed) == (422, "no")
    assert (error.fields, error.messages) == (fields, messages)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Refused),
        (401, Unauthorized),
        (402, Refused),
        (403, Unauthorized),
        (404, NotFound),
        (405, Refused),
        (409, Conflict),
        (415, Refused),
        (422, Refused),
        (423, Refused),
        (426, Unauthorized),
        (429, RateLimited),
        (408, UpstreamFailed),
        (500, UpstreamFailed),
        (501, UpstreamFailed),
        (503, UpstreamFailed),
        (504, UpstreamFailed),
    ],
)
async def test_the_status_tells_the_kind(status: int, kind: type[RechargeError]) -> None:
    error = await failed_update(Answer(status, {"errors": "No"}))
    assert type(error) is kind
    assert error.status == status
    assert error.executed == ("unknown" if kind is UpstreamFailed else "no")


@pytest.mark.parametrize(
    "answer",
    [
        HTML,
        Answer(200, HTML.body, HTML.headers),
        Answer(404, HTML.body, HTML.headers),
        Answer(403, HTML.body, HTML.headers),
        Answer(200, '{"customer": {"id": 101}}', {"content-type": "text/plain"}),
        Answer(200, '{"customer": {"id": 101'),
        Answer(200, '{"customer": {"id": 101, "colour": NaN}}'),
        Answer(200, "[" * 200_000),
        Answer(200, b"\xff\xfe\x00"),
        Answer(200, "[]"),
        Answer(200, '"hello"'),
        Answer(422, "[]"),
        Answer(200),
        Answer(200, {}),
        Answer(200, {"customer": None}),
        Answer(200, {"customer": {"id": "one"}}),
        Answer(200, {"customers": []}),
        Answer(301, None, {"location": "https://evil.example/"}),
        Answer(302, "{}", {"location": "/customers/9"}),
    ],
)
async def test_nonsense_is_the_far_end_failing(answer: Answer) -> None:
    error = await failed_read(answer)
    assert type(error) is UpstreamFailed
    assert error.executed == "no", "a read changes nothing"
    assert (await failed_update(answer)).executed == "unknown"


async def test_a_429_is_known_whatever_stands_in_it() -> None:
    for answer in (Answer(429, HTML.body, HTML.headers), Answer(429), Answer(429, "]")):
        assert type(await failed_update(answer)) is RateLimited


async def test_a_429_tells_how_long_to_wait() -> None:
    error = await failed_update(Answer(429, {"warning": "x"}, {"retry-after": "99"}))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 99


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("2", 2.0),
        ("1.5", 1.5),
        ("-3", 0.0),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("", None),
        ("Thu, 23 Mar 2023 16:34:57 GMT", 0.0),
        ("Thu, 23 Mar 2023 16:34:57", 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header) == seconds


async def test_the_log_learns_call_status_and_fields_and_nothing_personal() -> None:
    error = await failed_update(
        Answer(422, {"errors": {"email": "mara@example.com already exists"}})
    )
    assert str(error) == "PUT /customers/{id}: 422 refused (fields: email)"
    assert repr(error) == "<Refused PUT /customers/{id}: 422 refused (fields: email)>"
    record = {"id": 101, "tax_exempt": "mara@example.com"}
    unreadable = await failed_read(Answer(200, {"customer": record}))
    assert str(unreadable).startswith("GET /customers/{id}: Customer cannot be read: tax_exempt")
    for each in (error, unreadable):
        assert "mara" not in f"{each} {each!r} {each.__cause__!r} {each.__context__!r}"
        assert SAMPLE_TOKEN not in f"{each} {each!r}"


def every_error(kind: type[RechargeError] = RechargeError) -> list[type[RechargeError]]:
    return [kind, *(error for each in kind.__subclasses__() for error in every_error(each))]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("kind", every_error())
def test_every_error_tells_the_customer_whether_anything_changed(
    kind: type[RechargeError], method: str
) -> None:
    error = kind("reason for the log", method=method, route="/charges/{id}/skip")
    told = Texts("en").render(error.notice)
    if error.executed == "unknown":
        assert "do not know whether" in told
    else:
        assert "Nothing was changed" in told or "was not made" in told
    assert "reason for the log" not in told


def test_errors_stand_as_the_tree_draws_them() -> None:
    from app.recharge import errors

    assert errors.__doc__ is not None
    for kind in every_error():
        assert kind.__name__ in errors.__doc__
    assert issubclass(InvalidArgument, ValueError)
    assert issubclass(NotFound, Refused)
