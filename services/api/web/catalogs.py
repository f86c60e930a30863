"""The translators' side: collects what is to be translated, and tells what is still missing.

`python -m services.api.web.catalogs collect` brings every catalog up to date with the sources;
`python -m services.api.web.catalogs missing` lists what has no translation.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from services.api.web.translations import DEFAULT_LOCALE, LOCALES, catalog_path

ROOT = Path(__file__).parents[3]
TRANSLATED = tuple(locale for locale in LOCALES if locale != DEFAULT_LOCALE)


def collect_messages() -> Catalog:
    """Every sentence that the sources mark for translation."""
    with (Path(__file__).parent / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    template = Catalog(project="Belay", charset="utf-8")
    found = extract_from_dir(ROOT, methods, options, comment_tags=("Translators:",))
    for file, _line, message, comments, context in found:
        template.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return template


def read_catalog(locale: str) -> Catalog:
    path = catalog_path(locale)
    if not path.exists():
        return Catalog(locale=locale, project="Belay", charset="utf-8")
    with path.open("rb") as source:
        return read_po(source, locale=locale)


def update_catalog(locale: str, template: Catalog) -> None:
    """Adds what is new, drops what is gone, and keeps every translation there is."""
    catalog = read_catalog(locale)
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    path = catalog_path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write_po(target, catalog, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True)


def missing_messages(locale: str) -> list[Message]:
    return [message for message in read_catalog(locale) if message.id and not message.string]


def main(command: str) -> int:
    if command == "collect":
        template = collect_messages()
        for locale in TRANSLATED:
            update_catalog(locale, template)
    missing = {locale: missing_messages(locale) for locale in TRANSLATED}
    for locale, messages in missing.items():
        sys.stdout.write(f"{locale}: {len(messages)} without a translation\n")
        if command == "missing":
            sys.stdout.writelines(f"  {message.id}\n" for message in messages)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "missing"))
