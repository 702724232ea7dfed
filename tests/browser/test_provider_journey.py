"""Coming in with an account at an identity provider: out of our page, through theirs, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.portal import DESKTOP, PHONE, press_key
from tests.browser.service import NewCustomer, Service, running_service
from tests.oidc_mock import MockProvider, running_mock

NARROW: ViewportSize = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def mock() -> Iterator[MockProvider]:
    with running_mock() as found:
        yield found


@pytest.fixture(scope="module")
def provided_service(
    mock: MockProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    providers = {
        "harbor": mock.settings(),
        "island": mock.settings("Insel & Söhne Kundenkonto", issuer="http://127.0.0.1:9"),
    }
    folder = tmp_path_factory.mktemp("provided")
    with running_service(folder, DOORSTEP_OIDC=json.dumps(providers)) as service:
        yield service


@pytest.fixture
def service(provided_service: Service) -> Service:
    return provided_service


@pytest.fixture
def customer(service: Service, mock: MockProvider) -> NewCustomer:
    made = service.new_customer(subscriptions=1)
    mock.know(f"account-{made.id}", email=made.email, email_verified=True)
    return made


@pytest.fixture(autouse=True)
def _no_network(page: Page) -> None:
    """The mock's page wants a style sheet from elsewhere."""
    page.route("https://**", lambda route: route.abort())


def at(mock: MockProvider) -> re.Pattern[str]:
    """The page of the provider where people say who they are."""
    return re.compile(rf"{re.escape(mock.issuer)}/oauth2/authorize\?.*")


def test_the_way_out_and_back(
    page: Page, service: Service, mock: MockProvider, customer: NewCustomer
) -> None:
    page.goto(f"{service.address}/schedule")
    page.get_by_role("button", name="Sign in with Harbor ID").click()
    expect(page).to_have_url(at(mock))
    page.get_by_placeholder("sub").fill(f"account-{customer.id}")
    page.get_by_role("button", name="Authorize").click()
    expect(page).to_have_url(f"{service.address}/schedule")
    expect(page.get_by_role("heading", level=1)).to_have_text("Schedule")

    page.goto(f"{service.address}/account/devices")
    expect(page.get_by_text("Signed in with an account elsewhere")).to_be_visible()


def test_the_way_back_from_the_provider_leads_to_the_sign_in_page(
    page: Page, service: Service, mock: MockProvider
) -> None:
    page.goto(f"{service.address}/sign-in")
    page.get_by_role("button", name="Sign in with Harbor ID").click()
    expect(page).to_have_url(at(mock))
    page.go_back()
    expect(page).to_have_url(f"{service.address}/sign-in")
    expect(page.get_by_role("button", name="Sign in with Harbor ID")).to_be_visible()


def test_by_keys_alone(
    page: Page, service: Service, mock: MockProvider, customer: NewCustomer
) -> None:
    page.goto(f"{service.address}/sign-in")
    press_key(page.get_by_role("button", name="Sign in with Harbor ID"))
    expect(page).to_have_url(at(mock))
    page.get_by_placeholder("sub").fill(f"account-{customer.id}")
    page.get_by_placeholder("sub").press("Enter")
    expect(page).to_have_url(f"{service.address}/")


def test_who_comes_back_without_a_session_is_told_why(
    page: Page, service: Service, mock: MockProvider
) -> None:
    page.goto(f"{service.address}/sign-in?next=%2Fschedule")
    page.get_by_role("button", name="Sign in with Insel & Söhne").click()
    expect(page.get_by_role("status")).to_contain_text("does not answer at this moment")
    page.get_by_role("button", name="Sign in with Harbor ID").click()
    page.get_by_placeholder("sub").fill("who@is.this")
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("status")).to_contain_text("does not vouch for your e-mail address")
    expect(page.locator("input[name=next]").first).to_have_value("/schedule")


@pytest.mark.parametrize("size", [NARROW, PHONE, DESKTOP], ids=lambda size: str(size["width"]))
def test_the_page_fits_and_keeps_nobody_out(
    page: Page, service: Service, axe: Callable[[], None], size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.goto(f"{service.address}/sign-in?why=harbor.another")
    axe()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= size["width"]
