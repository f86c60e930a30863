"""Reasons in plain sentences: for mentee, mentor or lead, in English, Spanish or French.

A shared experience is put into words only as far as both show it to the reader: the names come from outside, since
the matcher does not know them; without names there is no sentence, because the mere number would tell.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.explanations.phrases_en import ENGLISH
from shared.explanations.phrases_es import SPANISH
from shared.explanations.phrases_fr import FRENCH
from shared.explanations.reasons import Explanation, Reason, ReasonCode, Value
from shared.vocabulary.mentoring import KIND_LABELS, LANGUAGES
from shared.vocabulary.specialties import SPECIALTIES


class Reader(StrEnum):
    MENTEE = "mentee"
    MENTOR = "mentor"
    LEAD = "lead"


Phrase = str | tuple[str, str]
PHRASES: dict[str, dict[str, dict[str, Phrase]]] = {"en": ENGLISH, "es": SPANISH, "fr": FRENCH}
AND = {"en": "and", "es": "y", "fr": "et"}
SAID_IN_PARAMETERS = {"kind": {k.value: v for k, v in KIND_LABELS.items()}, "language": LANGUAGES}


def unchanged(label: str) -> str:
    return label


@dataclass(frozen=True)
class Voice:
    """To whom and how reasons are told.

    `shown` are the names of the common dimensions that both show to this reader, in the reader's language;
    `translate` puts labels of the vocabulary (specialties, kinds, languages) into it.
    """

    reader: Reader
    language: str = "en"
    shown: tuple[str, ...] = ()
    translate: Callable[[str], str] = unchanged

    def say(self, reason: Reason) -> str | None:
        """The sentence of a reason; None if this reader is not to be told. Unknown languages are told in English."""
        if reason.code is ReasonCode.SHARED_EXPERIENCE and not self.shown:
            return None
        phrase = self._phrase(reason.code)
        if phrase is None:
            return None
        if not isinstance(phrase, str):
            phrase = phrase[0 if self._is_one(reason.parameters.get("number")) else 1]
        return phrase.format(**{name: self._in_words(name, value) for name, value in self._parameters(reason).items()})

    def say_all(self, reasons: Iterable[Reason]) -> list[str]:
        """The sentences for a list of reasons, in order."""
        return [sentence for sentence in map(self.say, reasons) if sentence]

    def summary(self, explanation: Explanation, most: int = 2) -> str:
        """The strongest reasons in one paragraph: what stands on a card or in an e-mail."""
        return " ".join(self.say_all(explanation.reasons)[:most])

    def _phrase(self, code: ReasonCode) -> Phrase | None:
        return PHRASES.get(self.language, ENGLISH)[self.reader].get(code)

    def _is_one(self, number: Value | None) -> bool:
        return number == 1 or (number == 0 and self.language == "fr")

    def _parameters(self, reason: Reason) -> dict[str, Value]:
        if reason.code is ReasonCode.SHARED_EXPERIENCE:
            return {"number": len(self.shown), "shown": list(self.shown)}
        return reason.parameters

    def _in_words(self, name: str, value: Value) -> str:
        if isinstance(value, list):
            return listed(value, AND.get(self.language, "and"))
        if name in {"specialty", "wanted", "offered"}:
            return self.translate(SPECIALTIES.get(str(value), str(value)))
        if name in SAID_IN_PARAMETERS:
            return self.translate(SAID_IN_PARAMETERS[name].get(str(value), str(value)))
        if name in {"part", "mode", "style"}:
            found = PHRASES.get(self.language, ENGLISH)["words"].get(str(value), str(value))
            return found if isinstance(found, str) else found[0]
        return str(value)


def listed(names: Sequence[str], conjunction: str) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"
