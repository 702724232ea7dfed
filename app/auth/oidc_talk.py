"""What is said to an identity provider: bounded in time and size, and never led elsewhere.

Errors::

    AuthError
    └── OidcError    a sign-in at a provider came to nothing; `problem` tells why
"""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from functools import cache
from typing import Any, Final, cast

import httpx
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.deprecate import AuthlibDeprecationWarning  # type: ignore[import-untyped]

from app.auth.errors import AuthError

with warnings.catch_warnings():  # it would rather have a successor of httpx, which we do not use
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import AsyncOAuth2Client  # type: ignore[import-untyped]

__all__ = ["AsyncOAuth2Client", "OidcError", "Problem", "client", "in_time"]

CONNECT_SECONDS: Final = 3.0
LARGEST_ANSWER: Final = 256_000
"""Bytes. Metadata, keys and tokens of the great providers have a few thousand."""

_KNOWN_ERRORS: Final = frozenset(
    {
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "server_error",
        "temporarily_unavailable",
        "unauthorized_client",
        "unsupported_grant_type",
    }
)
"""RFC 6749, 4.1.2.1 and 5.2. Anything else that a provider says stands in no log: it may hold what
it was told."""


class Problem(StrEnum):
    """Why nobody was signed in."""

    DENIED = "denied"
    """The person said no at the provider, or went back."""
    UNREACHABLE = "unreachable"
    """The provider does not answer, or not in time."""
    UNTRUSTED = "untrusted"
    """What the provider sent does not prove who came."""
    STALE = "stale"
    """The sign-in began in another browser, or too long ago, or has ended already."""
    UNVERIFIED = "unverified"
    """The provider does not vouch for the person's e-mail address."""
    STRANGER = "stranger"
    """The person is no customer."""
    ANOTHER = "another"
    """The customer has used another account at this provider."""
    LATER = "later"
    """Customers cannot be looked up at this moment."""


class OidcError(AuthError):
    """A sign-in at a provider came to nothing. The text is for the log: our words only."""

    def __init__(self, problem: Problem, detail: str = "") -> None:
        super().__init__(detail or problem.value)
        self.problem = problem


class BoundedTransport(httpx.AsyncBaseTransport):
    """Reads each answer whole, up to `LARGEST_ANSWER`, and refuses what is packed or leads on: a
    redirect would carry a code or a secret to where nobody has looked."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["Accept-Encoding"] = "identity"
        answer = await self._inner.handle_async_request(request)
        try:
            if 300 <= answer.status_code < 400:
                raise OidcError(Problem.UNREACHABLE, "the answer is a redirect")
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise OidcError(Problem.UNREACHABLE, "the answer is packed")
            body = bytearray()
            async for piece in cast(httpx.AsyncByteStream, answer.stream):
                body += piece
                if len(body) > LARGEST_ANSWER:
                    raise OidcError(Problem.UNREACHABLE, "the answer is too large")
        finally:
            await answer.aclose()
        return httpx.Response(
            answer.status_code,
            headers={"content-type": answer.headers.get("content-type", "")},
            content=bytes(body),
        )

    async def aclose(self) -> None:
        await self._inner.aclose()


def client(transport: httpx.AsyncBaseTransport | None = None, **options: Any) -> AsyncOAuth2Client:
    """A client for one sign-in: it keeps its token, so nobody else may use it.

    transport: the way to the provider, for tests
    options:   of authlib's client
    """
    return AsyncOAuth2Client(
        transport=BoundedTransport(
            transport or httpx.AsyncHTTPTransport(verify=_certificates(), trust_env=False)
        ),
        headers={"Accept": "application/json", "User-Agent": "doorstep"},
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
        **options,
    )


@asynccontextmanager
async def in_time(seconds: float, step: str) -> AsyncIterator[None]:
    """Bounds what is said within, and tells every failure as an `OidcError`.

    The deadline is for all of it: httpx's own are per read, so that a byte now and then would keep
    a call alive. Causes are left out of the chain, since they hold requests, and so secrets.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise OidcError(Problem.UNREACHABLE, f"{step}: no answer in time") from None
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        raise OidcError(Problem.UNREACHABLE, f"{step}: answered with {status}") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise OidcError(Problem.UNREACHABLE, f"{step}: {type(error).__name__}") from None
    except AuthlibBaseError as error:
        told = error.error if str(error.error) in _KNOWN_ERRORS else "an error of its own"
        raise OidcError(Problem.UNTRUSTED, f"{step}: refused with {told}") from None
    except OidcError as error:
        raise OidcError(error.problem, f"{step}: {error}") from None
    except (ValueError, RecursionError):  # no JSON; the text would tell what it is instead
        raise OidcError(Problem.UNTRUSTED, f"{step}: the answer cannot be read") from None


@cache
def _certificates() -> ssl.SSLContext:
    """Reading them takes longer than all else here."""
    return httpx.create_ssl_context(trust_env=False)
