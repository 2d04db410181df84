"""Bring the catalogue up to date with the code: python scripts/translations.py [LANGUAGE ...]."""

import argparse
import io
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from babel import UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from bot.language import DOMAIN, FOLDER, SOURCE
from model.store import write_atomically

TEMPLATE = FOLDER / f"{DOMAIN}.pot"
CODE = FOLDER.parent

# What the functions of bot/language.py and bot/translator.py take: which argument is the sentence,
# which its plural, and which ("c") its context.
KEYWORDS = {
    **dict.fromkeys(("gettext", "lazy_gettext", "described")),
    **dict.fromkeys(("ngettext", "lazy_ngettext"), (1, 2)),
    **dict.fromkeys(("pgettext", "named"), ((1, "c"), 2)),
}
_WIDTH = 100


class PlainCatalog(Catalog):
    """A catalogue whose header holds no dates and no tool's version, so that it stays the same."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What gettext needs to know."""
        headers = [("Content-Type", "text/plain; charset=utf-8")]
        if self.locale_identifier is not None:
            headers.append(("Language", self.locale_identifier))
            headers.append(("Plural-Forms", self.plural_forms))
        return headers


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _options(arguments)
    try:
        return _update(options.languages)
    except (UnknownLocaleError, PoFileError, ValueError) as error:
        print(f"translations.py: {error}", file=sys.stderr)
        return 2


def extracted() -> Catalog:
    """The sentences of the code, each with the files that it is in."""
    template = _catalogue()
    found = extract_from_dir(
        CODE, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",)
    )
    for name, line, message, comments, context in found:
        where = [((Path(CODE.name) / name).as_posix(), line)]
        template.add(message, locations=where, auto_comments=comments, context=context)
    return template


def read(path: Path, language: str | None = None) -> Catalog:
    """What a .po or .pot file says.

    Raises:
        PoFileError: it cannot be understood.
    """
    catalogue = _catalogue(language)
    with path.open("rb") as file:
        for message in read_po(file, locale=language, domain=DOMAIN, abort_invalid=True):
            if message.id:
                catalogue[message.id] = message
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    """The .mo file of a catalogue."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def po_of(language: str) -> Path:
    """Where the translations into a language are; the .mo file is beside it."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="translations.py",
        description="Write the sentences of the code into the template and into each language's "
        ".po file, and compile those. Run it before translating and again afterwards.",
        epilog="Exit codes: 0 everything is translated, 1 something is not, 2 bad input or usage.",
    )
    parser.add_argument(
        "languages", nargs="*", metavar="LANGUAGE", help="begin this one, for example fr"
    )
    return parser.parse_args(arguments)


def _update(begun: list[str]) -> int:
    template = extracted()
    write_atomically(TEMPLATE, _written(template))
    there = {path.parts[-3] for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po")}
    missing = 0
    for language in sorted(there.union(begun) - {SOURCE}):
        po = po_of(language)
        catalogue = read(po, language) if po.exists() else _catalogue(language)
        # A guess would be taken for a translation, so a changed sentence is begun anew.
        catalogue.update(template, no_fuzzy_matching=True)
        po.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(po, _written(catalogue))
        write_atomically(po.with_suffix(".mo"), compiled(catalogue))
        untold = [one for one in catalogue if one.id and not is_translated(one)]
        print(f"{language}: {len(catalogue)} sentences, {len(untold)} not translated ({po})")
        missing += len(untold)
    return 1 if missing else 0


def said_by(catalogue: Catalog) -> list[tuple[object, ...]]:
    """What tells one catalogue from another: its sentences and the files that they are in."""
    return [
        (one.context or "", one.id, sorted({name for name, _ in one.locations}))
        for one in catalogue
        if one.id
    ]


def is_translated(message: Message) -> bool:
    """Whether there is a translation, in the plural as well."""
    return all(forms(message.string))


def forms(text: object) -> tuple[str, ...]:
    """A sentence or its translation: one form, or singular and plural."""
    return tuple(text) if isinstance(text, tuple | list) else (str(text or ""),)


def _catalogue(language: str | None = None) -> Catalog:
    return PlainCatalog(
        locale=language, domain=DOMAIN, fuzzy=False, header_comment="# What members read."
    )


def _written(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalogue, width=_WIDTH, ignore_obsolete=True, include_lineno=False)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
