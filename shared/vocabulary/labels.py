"""The vocabulary's labels in the reader's language: specialties, career stages, kinds of mentoring, languages."""

from shared.vocabulary.labels_es import SPANISH_LABELS
from shared.vocabulary.labels_fr import FRENCH_LABELS

LABELS: dict[str, dict[str, str]] = {"es": SPANISH_LABELS, "fr": FRENCH_LABELS}


def label_in(language: str, label: str) -> str:
    """The label in this language; in English if nobody has translated it."""
    return LABELS.get(language, {}).get(label, label)
