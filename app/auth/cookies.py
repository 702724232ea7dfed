"""Names and attributes of our cookies."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import SimpleCookie


@dataclass(frozen=True, slots=True)
class Cookies:
    """Names and attributes of our cookies. Behind TLS the names start with ``__Host-``, which makes
    the browser refuse them from anywhere but this very host over TLS."""

    is_secure: bool

    @property
    def session(self) -> str:
        return "__Host-doorstep" if self.is_secure else "doorstep"

    @property
    def framed(self) -> str:
        """Of a session that lives in a frame of the shop's page."""
        return "__Host-doorstep-embed" if self.is_secure else "doorstep-embed"

    @property
    def visitor(self) -> str:
        """Of a browser that has not signed in yet: what its forms are bound to."""
        return "__Host-doorstep-visitor" if self.is_secure else "doorstep-visitor"

    @property
    def typed(self) -> str:
        """The e-mail address typed and the place to go on to, for an hour."""
        return "__Host-doorstep-typed" if self.is_secure else "doorstep-typed"

    @property
    def merchant(self) -> str:
        """Of who has signed in on the merchant's side."""
        return "__Host-doorstep-merchant" if self.is_secure else "doorstep-merchant"

    @property
    def support(self) -> str:
        """Of those of the shop's people who look at the portal as a customer sees it."""
        return "__Host-doorstep-support" if self.is_secure else "doorstep-support"

    def set(
        self, name: str, value: str, seconds: int | None = None, *, is_strict: bool = False
    ) -> str:
        """The value of a ``Set-Cookie`` header; `seconds` 0 takes the cookie away.

        is_strict: not even a link on another site brings the cookie along

        That of a framed session goes along within the frames of one shop's pages: the browser keeps
        one for each site that shows us (``Partitioned``), and takes it from us over TLS only.
        """
        jar: SimpleCookie = SimpleCookie()
        jar[name] = value
        jar[name]["path"] = "/"
        jar[name]["httponly"] = True
        # Lax: a link in a mail must find the session; no form of another site does.
        jar[name]["samesite"] = "Strict" if is_strict else "Lax"
        if self.is_secure:
            jar[name]["secure"] = True
        if seconds is not None:
            jar[name]["max-age"] = seconds
        if name != self.framed:
            return jar[name].OutputString()
        jar[name]["samesite"] = "None"
        jar[name]["secure"] = True  # browsers take it from this machine without TLS, too
        return f"{jar[name].OutputString()}; Partitioned"  # Python knows the word from 3.14 on
