"""Figures for the shop's monitoring: for who brings the token, and without anybody's name."""

from __future__ import annotations

import re

import pytest
from starlette.requests import Request

from app.auth.refusals import refused
from app.web import Metrics
from app.web.metrics import is_bearer
from tests.auth.world import MARA
from tests.web.conftest import Portal

TOKEN = "a-token-for-the-monitoring-only"


@pytest.fixture
def metrics(portal: Portal) -> Portal:
    routes = Metrics(TOKEN, portal.front.errors, lambda: None).routes()
    portal.application.router.routes[:0] = routes
    return portal


async def read(portal: Portal) -> str:
    answer = await portal.browser().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return answer.text


async def test_requests_are_counted_by_their_route(metrics: Portal) -> None:
    await metrics.browser().get("/sign-in/some-secret-of-somebody")
    told = await read(metrics)
    assert re.search(
        r'seconds_count\{method="GET",route="/sign-in/\{link\}",status="3xx"\} \d', told
    )
    assert "some-secret" not in told


async def test_sign_ins_and_refusals_are_counted(metrics: Portal) -> None:
    await metrics.sessions.start(MARA, method="link")
    await metrics.browser(**{"Sec-Fetch-Site": "cross-site"}).post("/sign-out")
    told = await read(metrics)
    assert 'doorstep_sign_ins_total{method="link"}' in told
    assert 'doorstep_refusals_total{reason="cross_site",what="request"}' in told


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
async def test_nobody_else_reads_them(metrics: Portal, given: str) -> None:
    answer = await metrics.browser().get("/metrics", headers={"Authorization": given})
    assert answer.status_code == 401
    assert "doorstep_" not in answer.text


async def test_without_a_token_in_the_settings_there_are_none(portal: Portal) -> None:
    portal.application.router.routes[:0] = Metrics("", portal.front.errors, lambda: None).routes()
    answer = await portal.browser().get("/metrics", headers={"Authorization": "Bearer "})
    assert answer.status_code == 404


def test_an_empty_token_opens_nothing() -> None:
    scope = {"type": "http", "headers": [(b"authorization", b"Bearer ")]}
    assert not is_bearer(Request(scope), "")


async def test_sockets_that_were_refused_are_counted_too(metrics: Portal) -> None:
    refused("socket", "origin")
    assert 'doorstep_refusals_total{reason="origin",what="socket"}' in await read(metrics)
