"""Who somebody is, and the little of it that they choose to say.

Shares are plausible for a mentoring program that people from underrepresented groups seek out; they are not
statistics of any real population.
"""

from dataclasses import dataclass
from random import Random

from infra.demo.banks import pick

# Heritage (the pool of names) → its weight; and the answers of `race_ethnicity` that go with it.
HERITAGES: dict[str, float] = {
    "african_american": 19, "nigerian": 5, "haitian": 4, "ethiopian": 3, "latino": 22, "native": 5, "hawaiian": 2,
    "chinese": 5, "filipino": 4, "hmong": 2, "indian": 7, "korean": 3, "pakistani": 3, "vietnamese": 4, "arab": 3,
    "iranian": 2, "white": 24,
}
RACES: dict[str, tuple[str, ...]] = {
    "african_american": ("African American", "African American", "African American", "Afro-Latino"),
    "nigerian": ("Nigerian American",),
    "haitian": ("Haitian American",),
    "ethiopian": ("Ethiopian American",),
    "latino": ("Mexican American", "Mexican American", "Mexican American", "Puerto Rican", "Puerto Rican",
               "Cuban American", "Dominican American", "Colombian American", "Afro-Latino"),
    "native": ("Navajo", "Ojibwe", "Cherokee"),
    "hawaiian": ("Native Hawaiian", "Native Hawaiian", "Samoan"),
    "chinese": ("Chinese American",),
    "filipino": ("Filipino American",),
    "hmong": ("Hmong American",),
    "indian": ("Indian American",),
    "korean": ("Korean American",),
    "pakistani": ("Pakistani American",),
    "vietnamese": ("Vietnamese American",),
    "arab": ("Arab American",),
    "iranian": ("Iranian American",),
    "white": ("White",),
}
HERITAGE_LANGUAGES: dict[str, tuple[str, float]] = {
    "latino": ("es", 0.75), "haitian": ("fr", 0.7), "chinese": ("zh", 0.55), "filipino": ("tl", 0.5),
    "indian": ("hi", 0.5), "korean": ("ko", 0.6), "vietnamese": ("vi", 0.6), "arab": ("ar", 0.7),
}
HOME_LANGUAGES = {"es": "Spanish", "zh": "Mandarin", "ar": "Arabic", "vi": "Vietnamese", "fr": "Haitian Creole"}
PRONOUNS = {"Woman": "she/her", "Man": "he/him", "Non-binary": "they/them", "Genderqueer": "they/them",
            "Two-Spirit": "they/them"}
GENDERS: dict[str, float] = {"Woman": 56, "Man": 40, "Non-binary": 2.6, "Genderqueer": 0.8, "Two-Spirit": 0.6}
ORIENTATIONS: dict[str, float] = {
    "Straight": 83, "Gay": 4, "Lesbian": 3, "Bisexual": 5, "Queer": 3, "Pansexual": 1, "Asexual": 1}

# The chance that a fact of life holds, for a student and for somebody in practice.
CHANCES: dict[tuple[str, str], tuple[float, float]] = {
    ("transgender", "Transgender"): (0.015, 0.01),
    ("first_generation", "First to go to college"): (0.24, 0.2),
    ("first_generation", "First physician in the family"): (0.42, 0.45),
    ("international", "International medical graduate"): (0.05, 0.12),
    ("international", "Visa holder"): (0.04, 0.02),
    ("international", "DACA recipient"): (0.015, 0.004),
    ("international", "Refugee or asylee"): (0.02, 0.015),
    ("international", "Immigrant"): (0.1, 0.12),
    ("disability", "Deaf or hard of hearing"): (0.012, 0.01),
    ("disability", "Blind or low vision"): (0.008, 0.006),
    ("disability", "Mobility"): (0.012, 0.012),
    ("disability", "Chronic illness"): (0.05, 0.05),
    ("disability", "Neurodivergent"): (0.07, 0.04),
    ("disability", "Mental health condition"): (0.06, 0.04),
    ("disability", "Learning disability"): (0.03, 0.02),
    ("parent", "Parent of young children"): (0.1, 0.36),
    ("parent", "Single parent"): (0.02, 0.02),
    ("parent", "Expecting"): (0.02, 0.03),
    ("parent", "Caring for a family member"): (0.05, 0.06),
    ("veteran", "Veteran"): (0.035, 0.05),
    ("veteran", "Active duty or reserve"): (0.02, 0.015),
    ("veteran", "Military family"): (0.03, 0.02),
    ("rural", "Rural"): (0.17, 0.15),
    ("rural", "Inner city"): (0.16, 0.12),
    ("rural", "Abroad"): (0.09, 0.12),
    ("socioeconomic", "Low-income background"): (0.27, 0.2),
    ("socioeconomic", "Worked through school"): (0.2, 0.2),
    ("socioeconomic", "Foster care"): (0.01, 0.006),
    ("nontraditional", "Career changer"): (0.12, 0.08),
    ("nontraditional", "Over 30 at the start of medical school"): (0.05, 0.04),
    ("nontraditional", "Community college"): (0.08, 0.05),
    ("nontraditional", "MD/PhD"): (0.03, 0.06),
    ("nontraditional", "DO student"): (0.09, 0.07),
}
BELIEFS: dict[str, float] = {
    "Not religious": 34, "Catholic": 20, "Protestant": 24, "Muslim": 6, "Hindu": 5, "Jewish": 4, "Buddhist": 3,
    "Latter-day Saint": 2, "Sikh": 1}
OWN_BELIEFS = {"pakistani": "Muslim", "hmong": "Buddhist", "arab": "Muslim", "indian": "Hindu"}

# How dear a dimension is to people: how often its owner answers it at all.
ANSWERED: dict[str, float] = {
    "race_ethnicity": 0.34, "gender": 0.12, "transgender": 0.5, "sexual_orientation": 0.3, "first_generation": 0.42,
    "international": 0.5, "disability": 0.4, "religion": 0.1, "parent": 0.4, "veteran": 0.6, "rural": 0.34,
    "socioeconomic": 0.3, "nontraditional": 0.4, "language_home": 0.25,
}
QUIET = {"gender": "Man", "sexual_orientation": "Straight", "religion": "Not religious", "race_ethnicity": "White"}
QUIET_SHARE = 0.12
MAY_MATCH, MAY_SHOW, MAY_REPORT = 0.82, 0.48, 0.4
IMPORTANCE: dict[int, float] = {0: 12, 1: 30, 2: 36, 3: 22}


@dataclass(frozen=True)
class Answer:
    """An exact answer to a dimension, its three switches, and how much it matters to a mentee (0–3)."""

    dimension: str
    answer: str
    may_match: bool
    may_show: bool
    may_report: bool
    importance: int


@dataclass(frozen=True)
class Identity:
    """What is so (`facts`, by dimension) apart from what is said (`answers`)."""

    heritage: str
    gender: str
    pronouns: str
    languages: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    answers: tuple[Answer, ...]

    @property
    def shown(self) -> frozenset[str]:
        """The answers that the other person of a pair may read, and that a text may mention."""
        return frozenset(answer.answer for answer in self.answers if answer.may_show)


def draw_identity(rng: Random, *, trainee: bool) -> Identity:
    heritage, gender = pick(rng, HERITAGES), pick(rng, GENDERS)
    if gender == "Two-Spirit" and heritage != "native":
        gender = "Non-binary"
    languages = _languages(rng, heritage)
    facts = _facts(rng, heritage, gender, languages, trainee=trainee)
    return Identity(
        heritage=heritage,
        gender=gender,
        pronouns=PRONOUNS[gender] if rng.random() < 0.6 else "",
        languages=languages,
        facts=facts,
        answers=tuple(_answers(rng, facts, trainee=trainee)),
    )


def _languages(rng: Random, heritage: str) -> tuple[str, ...]:
    spoken = ["en"]
    own, chance = HERITAGE_LANGUAGES.get(heritage, ("es", 0.12))
    if rng.random() < chance:
        spoken.append(own)
    if rng.random() < 0.012:
        spoken.append("asl")
    return tuple(spoken)


def _facts(
    rng: Random, heritage: str, gender: str, languages: tuple[str, ...], *, trainee: bool
) -> tuple[tuple[str, str], ...]:
    facts = {"race_ethnicity": rng.choice(RACES[heritage]), "gender": gender}
    facts["sexual_orientation"] = _orientation(rng, gender)
    facts["religion"] = OWN_BELIEFS.get(heritage, "") if rng.random() < 0.6 else ""
    facts["religion"] = facts["religion"] or pick(rng, BELIEFS)
    for (dimension, answer), chances in CHANCES.items():
        if dimension not in facts and rng.random() < chances[0 if trainee else 1]:
            facts[dimension] = answer
    if heritage == "native" and rng.random() < 0.5:
        facts["rural"] = "Reservation or tribal land"
    home = {"Hmong American": "Hmong", "Navajo": "Navajo"}.get(facts["race_ethnicity"])
    home = home or HOME_LANGUAGES.get(languages[-1], "")
    if home and heritage in {*HERITAGE_LANGUAGES, "hmong", "native"}:
        facts["language_home"] = home
    return tuple(facts.items())


def _orientation(rng: Random, gender: str) -> str:
    orientation = pick(rng, ORIENTATIONS)
    swapped = {("Gay", "Woman"): "Lesbian", ("Lesbian", "Man"): "Gay"}
    return swapped.get((orientation, gender), orientation)


def _answers(rng: Random, facts: tuple[tuple[str, str], ...], *, trainee: bool) -> list[Answer]:
    return [
        _answer(rng, dimension, answer, trainee=trainee)
        for dimension, answer in facts
        if rng.random() < ANSWERED[dimension] * (QUIET_SHARE if QUIET.get(dimension) == answer else 1.0)
    ]


def _answer(rng: Random, dimension: str, answer: str, *, trainee: bool) -> Answer:
    may_match = rng.random() < MAY_MATCH
    return Answer(
        dimension=dimension,
        answer=answer,
        may_match=may_match,
        may_show=rng.random() < MAY_SHOW,
        may_report=rng.random() < MAY_REPORT,
        importance=pick(rng, IMPORTANCE) if trainee and may_match else 0,
    )
