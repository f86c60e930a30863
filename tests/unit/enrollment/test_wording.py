"""Whatever the vocabulary offers to people can be translated."""

from services.api.enrollment import wording
from services.api.enrollment.choices import FIELD_NAMES, STANDARD_ANSWERS, STANDARD_NAMES, answer_label, dimension_name
from services.api.web.catalogs import TRANSLATED, read_catalog
from services.api.web.translations import reading_as
from shared.vocabulary.dimensions import DEFAULT_DIMENSIONS
from shared.vocabulary.mentoring import LANGUAGES
from shared.vocabulary.specialties import SPECIALTIES
from shared.vocabulary.stages import STAGE_LABELS


def test_every_label_is_marked_for_translation() -> None:
    assert set(wording.STAGES) == set(STAGE_LABELS.values())
    assert set(wording.SPECIALTIES) == set(SPECIALTIES.values())
    assert set(wording.LANGUAGES) == set(LANGUAGES.values())
    assert set(wording.FIELDS) == set(FIELD_NAMES.values())
    assert set(wording.DIMENSIONS) == STANDARD_NAMES
    assert set(wording.ANSWERS) == STANDARD_ANSWERS


def test_every_label_is_translated() -> None:
    plain = (*wording.STAGES, *wording.SPECIALTIES, *wording.LANGUAGES, *wording.FIELDS)
    labels = (*plain, *wording.DIMENSIONS, *wording.ANSWERS)
    for locale in TRANSLATED:
        catalog = read_catalog(locale)
        assert [label for label in labels if not (message := catalog.get(label)) or not message.string] == []


def test_no_two_answers_to_a_dimension_look_alike_in_another_language() -> None:
    for locale in TRANSLATED:
        with reading_as(locale):
            for dimension in DEFAULT_DIMENSIONS:
                assert len({answer_label(answer) for answer in dimension.answers}) == len(dimension.answers)


def test_a_programs_own_words_stay_as_they_are() -> None:
    with reading_as("es"):
        assert (dimension_name("Gender"), answer_label("Woman")) == ("Género", "Mujer")
        assert (dimension_name("Faculty"), answer_label("Surgery")) == ("Faculty", "Surgery")  # known to the catalogs
