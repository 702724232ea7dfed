"""A question: only what was chosen last is shown and done."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.actions import Preview, Services, SkipDelivery
from app.state import SkipQuestion, question
from tests.state.page import asked, first, opened


async def test_the_answer_to_an_earlier_choice_is_not_shown(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two choices are previewed at once; the first answer comes last."""
    portal = await opened(services)
    skip = await asked(first(portal))
    assert skip.preview is not None
    both, answers = skip.preview, list[asyncio.Future[Preview]]()

    async def slow(*_: Any) -> Preview:
        answers.append(asyncio.get_running_loop().create_future())
        return await answers[-1]

    monkeypatch.setattr(question, "preview", slow)
    earlier = asyncio.create_task(skip.choose(date=skip.date))
    await asyncio.sleep(0)
    later = asyncio.create_task(skip.choose(date=skip.date))
    await asyncio.sleep(0)
    assert skip.is_asking

    newer = Preview(both.effect, "newer")
    answers[1].set_result(newer)
    await later
    assert (skip.preview, skip.is_asking) == (newer, False)
    answers[0].set_result(Preview(both.effect, "older"))
    await earlier
    assert skip.preview == newer
    portal.close()


async def test_a_question_that_fails_is_no_longer_being_asked(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = await opened(services)
    skip = SkipQuestion(first(portal))

    async def broken(*_: Any) -> Preview:
        raise RuntimeError("no database")

    monkeypatch.setattr(question, "preview", broken)
    with pytest.raises(RuntimeError):
        await skip.ask()
    assert not skip.is_asking
    assert skip.preview is None
    assert isinstance(skip.action, SkipDelivery)
    portal.close()
