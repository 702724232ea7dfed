"""The documentation says what the code does: settings, commands, components, samples."""

from __future__ import annotations

import hashlib
import importlib
import re
import subprocess
from pathlib import Path

import pytest

import components
from app.cli import cli
from app.payments.stripe import SCRIPT, SOURCES
from app.retention import TABLE, Incentive, RetentionFile
from app.retention.plan_file import DiscountLimit, FileReason
from app.settings import Settings, variable
from app.web.card_policy import SCRIPTS, card_policy
from components import Component, overridden

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMPONENTS = [
    value
    for name in components.__all__
    if isinstance(value := getattr(components, name), type)
    and issubclass(value, Component)
    and value is not Component
]


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_stands_in_the_readme(field: str) -> None:
    default = Settings.model_fields[field].default
    row = next(line for line in README.splitlines() if line.startswith(f"| `{variable(field)}` |"))
    description = Settings.model_fields[field].description
    assert description
    assert description.replace("|", "/") in row
    if isinstance(default, int | str) and default:
        assert f"| `{default}` |" in row


def test_no_setting_stands_in_the_readme_that_is_not_there() -> None:
    table = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert table == {variable(field) for field in Settings.model_fields}


def test_every_command_stands_in_the_readme() -> None:
    names = [command.callback.__name__ for command in cli.registered_commands if command.callback]
    assert [name for name in names if f"python -m app {name}" not in README] == []


def test_every_make_target_in_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_file_that_the_readme_names_exists() -> None:
    named = re.findall(r"\]\(([\w./-]+)\)", README)
    named += re.findall(r"`((?:app|components|docs)/[\w./]+)`", README)
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda component: component.__name__)
def test_every_component_and_section_is_documented(component: type[Component[object]]) -> None:
    document = (ROOT / "docs" / "components.md").read_text(encoding="utf-8")
    heading = f"### {component.__name__}"
    assert heading in document
    part = document.split(heading, 1)[1].split("\n### ", 1)[0]
    assert [name for name in component.sections if f"`{name}`" not in part] == []


SAMPLES = [
    block
    for document in (README, (ROOT / "docs" / "components.md").read_text(encoding="utf-8"))
    for block in re.findall(r"```python\n(.*?)```", document, re.DOTALL)
]


@pytest.mark.parametrize("number", range(len(SAMPLES)))
def test_the_samples_run(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is a module that replaces one component."""
    sample, name = SAMPLES[number], f"sample_of_the_docs_{number}"
    [replaced] = re.findall(r"^@override\((\w+)\)", sample, re.MULTILINE)
    # Registering for good would change the component of other tests in this process.
    sample = sample.replace(f"@override({replaced})\n", "")
    (tmp_path / f"{name}.py").write_text(sample, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module(name)
    [own] = [value for value in vars(module).values() if getattr(value, "__module__", "") == name]
    with overridden(getattr(components, replaced), own):
        pass


def test_the_sample_of_the_merchants_file_is_the_one_that_is_tested() -> None:
    """`tests/retention/test_plan_file.py` loads it and looks that it says everything."""
    document = (ROOT / "docs" / "retention.md").read_text(encoding="utf-8")
    example = (ROOT / "docs" / "retention-example.yaml").read_text(encoding="utf-8")
    assert re.findall(r"```yaml\n(.*?)```", document, re.DOTALL) == [example]


def test_everything_that_the_merchants_file_may_say_is_documented() -> None:
    document = (ROOT / "docs" / "retention.md").read_text(encoding="utf-8")
    tables = "\n".join(line for line in document.splitlines() if line.startswith("|"))
    words = {*RetentionFile.model_fields, *FileReason.model_fields, *DiscountLimit.model_fields}
    words |= set(Incentive)
    assert [word for word in sorted(words) if f"`{word}`" not in tables] == []


def test_the_table_of_regions_is_the_one_that_holds() -> None:
    document = (ROOT / "docs" / "retention.md").read_text(encoding="utf-8")
    part = document.split("\n## Region rules\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in part.splitlines() if line.startswith("|")][2:]
    listed: dict[str, tuple[str, ...]] = {}
    for row in rows:
        places, *columns = (cell.strip() for cell in row.strip("|").split("|"))
        listed |= {place: tuple(columns) for place in places.split(", ")}
    assert listed == {
        place: (
            *(
                "yes" if each else "no"
                for each in (
                    rules.may_offer,
                    rules.may_require_reason,
                    rules.may_hold_to_minimum,
                    rules.may_close,
                    rules.without_sign_in,
                )
            ),
            str(rules.withdrawal_days or "–"),
            rules.since,
        )
        for place, rules in TABLE.items()
    }


def test_the_locks_hold_no_address_of_a_server() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text


def test_ci_runs_exactly_the_readmes_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = [
        line for line in script.splitlines() if line and not line.startswith(("#", "set ", "cd "))
    ]
    assert commands == ["make test"]
    assert "```sh\nmake test\n```" in README


def test_the_makefile_lists_its_commands() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "make run" in listed
    assert "make test" in listed


def test_the_scripts_of_the_page_with_the_card_form_are_listed_as_they_are() -> None:
    """PCI DSS asks for the list: every script, what it is for, and that it is the one meant."""
    document = (ROOT / "docs" / "payments.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+\.js)` \| (.+) \| (.+) \|$", document, re.MULTILINE)
    ours = [f"app/web/static/{name}" for name in SCRIPTS]
    assert [script for script, _, _ in rows] == [SCRIPT, *ours]
    for script, _, integrity in rows[1:]:
        digest = hashlib.sha256((ROOT / script).read_bytes()).hexdigest()
        assert integrity == f"SHA-256 `{digest}`", f"{script} has changed: look at it, then list it"


def test_the_policy_of_the_page_with_the_card_form_is_listed_as_it_is() -> None:
    document = (ROOT / "docs" / "payments.md").read_text(encoding="utf-8")
    listed = document.split("```\n", 2)[1].replace("\n", " ").strip()
    served = card_policy(SOURCES, "<address of card_stripe.js>")
    assert sorted(part.strip() for part in listed.split(";")) == sorted(
        part.strip() for part in served.split(";")
    )
