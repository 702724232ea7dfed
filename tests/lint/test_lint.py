"""Where a text could turn into markup or script is found, and what is safe is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.lint import look_through, look_through_python, look_through_script, look_through_template

ROOT = Path(__file__).parent.parent.parent

WRONG = [
    ('el.props(f"title={title}")', "text in props"),
    ('el.props("title=" + title)', "text in props"),
    ('el.props("title=%s" % title)', "text in props"),
    ('el.props("title={}".format(title))', "text in props"),
    ("el.props(words)", "text in props"),
    ('el.classes(f"tone-{tone}")', "text in classes"),
    ('ui.label(x).style("color:" + colour)', "text in style"),
    ('el.add_slot("body", f"<b>{{{{ {name} }}}}</b>")', "text in add_slot"),
    ('ui.run_javascript(f"open({target!r})")', "text in run_javascript"),
    ("client.run_javascript(code)", "text in run_javascript"),
    ('ui.add_head_html("<style>" + rules)', "text in add_head_html"),
    ("ui.html(product.description)", "text in html"),
    ("ui.markdown(note)", "text in markdown"),
    ('ui.html("<b>x</b>", sanitize=False)', "sanitize"),
    ('ui.button("x").on("click", js_handler=f"() => open({x})")', "text in a handler"),
    ("ui.upload(on_upload=keep)", "ui.upload"),
    ("ui.editor()", "ui.editor"),
    ("ui.aggrid({})", "ui.aggrid"),
    ("ui.echart(options)", "ui.echart"),
    ("ui.plotly(figure)", "ui.plotly"),
    ('app.storage.user["name"] = name', "app.storage.user"),
    ('nicegui_app.storage.tab["x"] = 1', "app.storage.tab"),
    ("ui.navigate.to(address)", "target"),
    ("ui.link(name, address)", "target"),
    ("ui.link(name, target=address)", "target"),
    ('ui.run(on_air="token")', "ui.run"),
    ("el.run_method(name)", "run_method"),
    ("Markup(text)", "Markup"),
    ('x = f"<b>{name}</b>"', "text in HTML"),
    ('x = "<b>%s</b>" % name', "text in HTML"),
    ('options = {":formatter": text}', "key with a colon"),
    ('el._props[":innerHTML"] = text', "key with a colon"),
]

FINE = [
    'el.props("flat dense")',
    "el.classes(CLASSES)",
    'el.classes("a" if is_busy else "b")',
    'ui.run_javascript("window.print()")',
    'el.run_method("warn", words)',
    'ui.navigate.to("/orders")',
    "ui.navigate.to(safe_url(address))",
    'ui.link(name, "/orders")',
    'x = f"{a} < {b}"',
    'x = f"<b>{escape(name)}</b>"',
    're.compile(rf"(?P<name>{LETTERS})")',
    'cases = {":": 1, "a:b": 2}',
    "html.article(text)",
    "x = f'<b>{name}</b>'  # markup: name is a number of ours",
    "# markup: checked above\nel.props(words)",
    '"""A module."""\n# markup, this file: drawn from numbers\nx = f"<b>{name}</b>"',
]


@pytest.mark.parametrize(("source", "rule"), WRONG)
def test_a_text_that_could_run_is_found(source: str, rule: str) -> None:
    assert rule in [finding.rule for finding in look_through_python(source, "x.py")]


@pytest.mark.parametrize("source", FINE)
def test_what_is_safe_or_explained_is_left_alone(source: str) -> None:
    assert list(look_through_python(source, "x.py")) == []


def test_a_mark_without_a_reason_is_none() -> None:
    assert list(look_through_python("el.props(words)  # markup:", "x.py"))


def test_a_finding_names_its_place_and_what_to_do() -> None:
    (finding,) = look_through_python("\n\nui.editor()", "shop/page.py")
    assert str(finding).startswith("shop/page.py:3: ui.editor. It shows HTML as it was stored")


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("{{ name|safe }}", "safe"),
        ("{% autoescape false %}", "autoescape"),
        ("<script>let x = 1;</script>", "inline script"),
        ('<p onclick="go()">', "handler in an attribute"),
        ('<p style="color:{{ colour }}">', "text in a style"),
        ('<a href="javascript:go()">', "javascript:"),
        ('<img src="//cdn.example/x.png">', "foreign file"),
        ('<script src="https://cdn.example/x.js"></script>', "foreign file"),
    ],
)
def test_templates_are_looked_through(source: str, rule: str) -> None:
    assert [finding.rule for finding in look_through_template(source, "x.html")] == [rule]


@pytest.mark.parametrize(
    "source",
    [
        '<script src="/x.js"></script>',
        '<a href="{{ link }}">{{ text }}</a>',
        '<p style="margin:0">',
    ],
)
def test_plain_templates_are_left_alone(source: str) -> None:
    assert list(look_through_template(source, "x.html")) == []


@pytest.mark.parametrize(
    "source",
    [
        "el.innerHTML = text;",
        "el.insertAdjacentHTML('beforeend', text);",
        "document.write(text);",
        "eval(text);",
        "new Function(text)();",
        'setTimeout("go()", 1);',
        'parent.postMessage(told, "*");',
        'import x from "https://cdn.example/x.js";',
    ],
)
def test_scripts_are_looked_through(source: str) -> None:
    assert len(list(look_through_script(source, "x.js"))) == 1


def test_ours_holds_nothing_of_it() -> None:
    assert [str(one) for one in look_through([ROOT / "app", ROOT / "components"])] == []


def test_a_place_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(look_through([tmp_path / "nothing"]))
