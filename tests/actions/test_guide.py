"""The guide to actions does what it says: its sample is run, from the question to the way back."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from app.actions import NotPossible, Services, Stale, perform, preview, undo
from components import SubscriptionDetails, overridden
from tests.actions.shop import Shop, press, signed_in
from tests.state.page import opened, text

GUIDE = Path(__file__).parent.parent.parent / "docs" / "actions.md"
BLOCKS = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
WHO = signed_in(101)


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The sample as a module, whose component stands in no other test's page."""
    folder = tmp_path_factory.mktemp("guide")
    source = "".join(block for block in BLOCKS if block.startswith("# shop/grind.py"))
    name = "grind_of_the_guide"
    sample = source.replace("@override(SubscriptionDetails)\n", "")
    assert sample != source
    (folder / f"{name}.py").write_text(sample, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module(name)


async def test_the_test_of_the_guide_passes(
    guide: ModuleType, shop: Shop, services: Services
) -> None:
    async def grind_upstream(services: Services, id: int) -> str:
        found = await shop.client.subscriptions.get(id)
        return str(guide.grind_of(found))

    names = {"preview": preview, "perform": perform, "undo": undo, **vars(guide)}
    names["grind_upstream"] = grind_upstream
    [sample] = [block for block in BLOCKS if "async def test_" in block]
    exec(sample, names)
    subscription = await shop.client.subscriptions.get(302)
    await names["test_the_grind_is_changed_and_taken_back"](services, WHO, subscription)
    assert (await shop.executed())["PUT /subscriptions/{id}"] == 2


async def test_what_the_guide_says_of_every_action_holds_for_its_own(
    guide: ModuleType, shop: Shop, services: Services
) -> None:
    record = await shop.client.subscriptions.get(302)
    ids = {"address_id": record.address_id, "subscription_id": record.id}
    with pytest.raises(NotPossible):
        await preview(services, WHO, guide.ChangeGrind(**ids, grind="beans"))

    action = guide.ChangeGrind(**ids, grind="filter")
    seen, key = await preview(services, WHO, action), press()
    for _ in range(2):
        outcome = await perform(services, WHO, action, key=key, revision=seen.revision)
    assert not outcome.differences
    assert (await shop.executed())["PUT /subscriptions/{id}"] == 1

    other = guide.ChangeGrind(**ids, grind="espresso")
    with pytest.raises(Stale) as told:
        await perform(services, WHO, other, key=press(), revision=seen.revision)
    assert [str(each) for each in told.value.changes]
    assert (await shop.executed())["PUT /subscriptions/{id}"] == 1


async def test_the_button_of_the_guide_stands_there_and_its_question_is_answered(
    guide: ModuleType, shop: Shop, services: Services
) -> None:
    portal = await opened(services, WHO)
    state = next(one for one in portal.subscriptions if one.key == 302)
    with overridden(SubscriptionDetails, guide.DetailsWithGrind):
        offer = guide.DetailsWithGrind.offers[-1]
        assert offer is guide.GRIND
        assert offer.is_offered(state)
    question = guide.GrindQuestion(state)
    await question.ask()
    assert question.preview is None
    await question.choose(grind="espresso")
    await question.confirm()
    assert text(portal.notice).startswith("Your coffee now comes as ground for espresso.")
    portal.close()

    await shop.switch(change_variant=False)
    again = await opened(services, WHO)
    state = next(one for one in again.subscriptions if one.key == 302)
    assert not guide.can_change_grind(state)
    again.close()
