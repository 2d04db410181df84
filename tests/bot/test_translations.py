"""The catalogue is whole: as the code says it, compiled as written, fitting in every language."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
import translations
from babel.messages.catalog import Catalog, Message
from translations import forms

from bot import errors
from bot.language import SOURCE, languages

OTHERS = [language for language in languages() if language != SOURCE]
CODE = sorted(translations.CODE.rglob("*.py"))
SAYS = frozenset(translations.KEYWORDS)

# What is the same in another language: names, and words that both have.
SAME = {
    "de": {"Version {version}", "April", "August", "September", "November"},
}
# A commands' name begins where no letter or another slash is before it.
_COMMAND = re.compile(r"(?<![\w/])/([a-z]+(?: [a-z]+)*)")


@pytest.fixture(scope="module")
def template() -> Catalog:
    return translations.extracted()


@pytest.fixture(scope="module", params=OTHERS)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return translations.read(translations.po_of(request.param), request.param)


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def placeholders(text: str) -> Counter[str]:
    fields = [
        (name, spec, how) for _, name, spec, how in Formatter().parse(text) if name is not None
    ]
    assert all(name.isidentifier() and not spec and not how for name, spec, how in fields), text
    return Counter(name for name, _, _ in fields)


def test_the_template_is_what_the_code_says(template: Catalog) -> None:
    kept = translations.read(translations.TEMPLATE)
    assert translations.said_by(kept) == translations.said_by(template), (
        "run python scripts/translations.py"
    )


def test_no_sentence_is_where_the_extraction_cannot_see_it(template: Catalog) -> None:
    """As inside an f-string, or put together from parts that are no literal."""
    seen = {form for message in messages(template) for form in forms(message.id)}
    unseen = [
        f"{path.name}:{call.lineno} {ast.unparse(call)}"
        for path in CODE
        if path.name not in {"language.py", "translator.py"}
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in SAYS
        for said in call.args[:2]
        if not _is_seen(call.func.id, call.args.index(said), said, seen)
    ]
    assert unseen == []


def _is_seen(function: str, place: int, said: ast.expr, seen: set[str]) -> bool:
    if function in {"pgettext", "named"} and place == 0:
        return isinstance(said, ast.Constant)
    return isinstance(said, ast.Constant) and said.value in seen


def test_every_sentence_of_the_template_is_translated(
    catalogue: Catalog, template: Catalog
) -> None:
    assert translations.said_by(catalogue) == translations.said_by(template)
    assert [one.id for one in messages(catalogue) if not translations.is_translated(one)] == []
    assert [one.id for one in messages(catalogue) if one.fuzzy] == []


def test_nothing_is_the_same_but_what_is_meant_to_be(catalogue: Catalog) -> None:
    same = {
        form
        for message in messages(catalogue)
        for form in forms(message.id)
        if form in forms(message.string)
    }
    assert same == SAME[str(catalogue.locale)]


def test_placeholders_are_names_and_the_same_on_both_sides(catalogue: Catalog) -> None:
    for message in messages(catalogue):
        wanted = {frozenset(placeholders(form)) for form in forms(message.id)}
        assert len(wanted) == 1, f"singular and plural differ: {message.id}"
        for form in forms(message.string):
            found = placeholders(form)
            assert {frozenset(found)} == wanted, f"{message.id}: {form}"
            assert set(found.values()) <= {1}, f"said twice: {form}"


def test_plurals_have_as_many_forms_as_the_language(catalogue: Catalog) -> None:
    for message in messages(catalogue):
        expected = catalogue.num_plurals if message.pluralizable else 1
        assert len(forms(message.string)) == expected, message.id
    # A number of things without a plural would be wrong in some language.
    for message in messages(catalogue):
        if not message.pluralizable:
            assert "count" not in placeholders(forms(message.id)[0]), message.id


def test_marks_and_ends_are_those_of_the_original(catalogue: Catalog) -> None:
    for message in messages(catalogue):
        if message.context:
            continue
        for english, said in zip(forms(message.id), forms(message.string), strict=True):
            assert said == said.strip(), said
            assert "  " not in said, said
            assert english.count("**") == said.count("**"), said
            assert english.count("`") == said.count("`"), said
            assert english.endswith((".", ":", "?")) == said.endswith((".", ":", "?")), said


def test_commands_in_sentences_are_called_as_discord_shows_them(catalogue: Catalog) -> None:
    called = {
        str(one.id): str(one.string) for one in messages(catalogue) if one.context == "command"
    }
    for message in messages(catalogue):
        for english, said in zip(forms(message.id), forms(message.string), strict=True):
            for usage in _COMMAND.findall(english):
                words = [called[word] for word in _known(usage.split(), called)]
                assert f"/{' '.join(words)}" in said, said


def _known(words: list[str], called: dict[str, str]) -> list[str]:
    """The words at the beginning that are of the command; what follows belongs to the sentence."""
    known = [word for word in words if word in called]
    assert words[: len(known)] == known
    assert known, words
    return known


def test_the_compiled_catalogue_is_the_one_that_is_written(catalogue: Catalog) -> None:
    language = str(catalogue.locale)
    mo = translations.po_of(language).with_suffix(".mo")
    assert mo.read_bytes() == translations.compiled(catalogue), "run python scripts/translations.py"


MEMBERS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.MemberError)
}
SHOWN = {
    *("title", "label", "placeholder", "content", "text", "description", "value", "name", "mend"),
}
# Names that are the same for everybody: a member's terminal command, a file, tasks and options.
UNSHOWN = {"/quit", "map.png"}


def test_nothing_that_members_see_is_said_past_the_catalogue() -> None:
    past = [
        f"{path.name}:{call.lineno} {ast.unparse(said)}"
        for path in CODE
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        for said in _shown(call, path)
        if _literal(said) not in {*UNSHOWN, ""}
    ]
    assert past == []


def _shown(call: ast.Call, path: Path) -> Iterator[ast.expr]:
    function = ast.unparse(call.func).rpartition(".")[2]
    if function in MEMBERS:
        yield from call.args
        yield from (one.value for one in call.keywords if one.arg == "mend")
    elif function in {"Embed", "add_field", "set_footer", "Button", "Select", "SelectOption"}:
        yield from (one.value for one in call.keywords if one.arg in SHOWN)
    elif function in {"send_message", "send", "edit_original_response", "edit_message"}:
        yield from call.args
        yield from (one.value for one in call.keywords if one.arg == "content")
    elif function in {"command", "describe", "rename", "Group", "Choice"} and path.name == "cog.py":
        yield from (one.value for one in call.keywords if one.arg != "value")


def _literal(said: ast.expr) -> str:
    """The letters that an expression brings along without asking the catalogue."""
    match said:
        case ast.Constant(value=str(text)):
            return text if any(map(str.isalpha, text)) else ""
        case ast.JoinedStr(values=parts):
            return "".join(_literal(one) for one in parts)
        case ast.IfExp(body=one, orelse=other):
            return _literal(one) + _literal(other)
        case ast.BinOp(left=one, right=other):
            return _literal(one) + _literal(other)
        case _:
            return ""
