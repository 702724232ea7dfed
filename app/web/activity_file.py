"""What a customer has done, as a table to download: ``/activity.csv`` (RFC 4180).

It begins with the mark of UTF-8: without it the most used program for tables takes the file for
another encoding and spoils every name with an accent.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator, Sequence
from datetime import tzinfo

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from app.actions import Activity, Principal, Services, activities
from app.i18n import Texts
from app.recharge import RechargeError
from app.state.activity import method_text, result_text
from app.web.errors import ErrorPages

PAGE = 200
"""Activities that are read from the database at once."""

_FORMULA = re.compile(
    r"\A(?=[\t\r\n])|(?:\A|(?<=[;|\t\r\n]))(?=[ ]*[=+\-@\uff1d\uff0b\uff0d\uff20])"
)
"""Where a program for tables begins something to work out: the wide signs too, which some read as
the narrow ones, and also after what another country's tables are parted by."""


class ActivityFile:
    """The route ``/activity.csv``, for the signed-in customer and of nobody else."""

    def __init__(self, services: Services, texts: Texts, errors: ErrorPages) -> None:
        self._services = services
        self._texts = texts
        self._errors = errors

    def routes(self) -> list[Route]:
        return [Route("/activity.csv", self.download, methods=["GET"])]

    async def download(self, request: Request) -> Response:
        principal: Principal = request.scope["state"]["principal"]
        try:
            shop = await self._services.mirror.shop()
        except RechargeError as error:  # then nothing is known of the shop's zone
            return await self._errors.failed(request, error)
        return StreamingResponse(
            self._lines(principal, shop.timezone),
            media_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": 'attachment; filename="activity.csv"',
                "Cache-Control": "no-store",
                "X-Robots-Tag": "noindex, nofollow",
            },
        )

    async def _lines(self, principal: Principal, zone: tzinfo) -> AsyncIterator[str]:
        t = self._texts.t
        head = (t("Time"), t("What"), t("Result"), t("By"), t("Result known"), t("Number"))
        yield "\ufeff" + line(head)
        before: int | None = None
        while True:
            found = await activities(self._services, principal, limit=PAGE, before=before)
            for activity in found:
                yield line(self._cells(activity, zone))
            if len(found) < PAGE:
                return
            before = found[-1].place

    def _cells(self, activity: Activity, zone: tzinfo) -> tuple[str, ...]:
        say = self._texts.render
        late = activity.late
        return (
            activity.at.astimezone(zone).isoformat(sep=" ", timespec="seconds"),
            say(activity.text),
            say(result_text(activity)),
            say(method_text(activity.method)),
            late.astimezone(zone).isoformat(sep=" ", timespec="seconds") if late else "",
            activity.id,
        )


def line(cells: Sequence[str]) -> str:
    """One line of the table.

    What a program for tables would work out begins with an apostrophe: it is a text.
    """
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([_FORMULA.sub("'", cell) for cell in cells])
    return written.getvalue()
