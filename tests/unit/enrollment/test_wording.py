"""Whatever the vocabulary offers to people can be translated."""

from services.api.enrollment import wording
from services.api.enrollment.choices import FIELD_NAMES
from services.api.web.catalogs import TRANSLATED, read_catalog
from shared.vocabulary.mentoring import LANGUAGES
from shared.vocabulary.specialties import SPECIALTIES
from shared.vocabulary.stages import STAGE_LABELS


def test_every_label_is_marked_for_translation() -> None:
    assert set(wording.STAGES) == set(STAGE_LABELS.values())
    assert set(wording.SPECIALTIES) == set(SPECIALTIES.values())
    assert set(wording.LANGUAGES) == set(LANGUAGES.values())
    assert set(wording.FIELDS) == set(FIELD_NAMES.values())


def test_every_label_is_translated() -> None:
    labels = (*wording.STAGES, *wording.SPECIALTIES, *wording.LANGUAGES, *wording.FIELDS)
    for locale in TRANSLATED:
        catalog = read_catalog(locale)
        assert [label for label in labels if not (message := catalog.get(label)) or not message.string] == []
