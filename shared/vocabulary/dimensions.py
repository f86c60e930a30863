"""The default dimensions of lived experience and identity that a new program starts from.

Pages show them in the reader's language; answers are stored, sealed and matched in the words that stand here.
A program edits its own list. Only an exact common answer ever counts, never an umbrella above it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class DefaultDimension:
    code: str
    name: str
    answers: tuple[str, ...]


DEFAULT_DIMENSIONS: tuple[DefaultDimension, ...] = (
    DefaultDimension(
        "race_ethnicity",
        "Race and ethnicity",
        (
            "African American",
            "Nigerian American",
            "Haitian American",
            "Ethiopian American",
            "Afro-Latino",
            "Mexican American",
            "Puerto Rican",
            "Cuban American",
            "Dominican American",
            "Colombian American",
            "Navajo",
            "Ojibwe",
            "Cherokee",
            "Native Hawaiian",
            "Samoan",
            "Chinese American",
            "Filipino American",
            "Hmong American",
            "Indian American",
            "Korean American",
            "Pakistani American",
            "Vietnamese American",
            "Arab American",
            "Iranian American",
            "White",
        ),
    ),
    DefaultDimension("gender", "Gender", ("Woman", "Man", "Non-binary", "Genderqueer", "Two-Spirit")),
    DefaultDimension("transgender", "Transgender experience", ("Transgender",)),
    DefaultDimension(
        "sexual_orientation",
        "Sexual orientation",
        ("Lesbian", "Gay", "Bisexual", "Pansexual", "Queer", "Asexual", "Straight"),
    ),
    DefaultDimension(
        "first_generation", "First in the family", ("First to go to college", "First physician in the family")
    ),
    DefaultDimension(
        "international",
        "International path",
        ("International medical graduate", "Visa holder", "DACA recipient", "Refugee or asylee", "Immigrant"),
    ),
    DefaultDimension(
        "disability",
        "Disability",
        (
            "Deaf or hard of hearing",
            "Blind or low vision",
            "Mobility",
            "Chronic illness",
            "Neurodivergent",
            "Mental health condition",
            "Learning disability",
        ),
    ),
    DefaultDimension(
        "religion",
        "Religion and belief",
        (
            "Buddhist",
            "Catholic",
            "Hindu",
            "Jewish",
            "Latter-day Saint",
            "Muslim",
            "Protestant",
            "Sikh",
            "Not religious",
        ),
    ),
    DefaultDimension(
        "parent",
        "Parenting and care",
        ("Parent of young children", "Single parent", "Expecting", "Caring for a family member"),
    ),
    DefaultDimension("veteran", "Military", ("Veteran", "Active duty or reserve", "Military family")),
    DefaultDimension("rural", "Where I grew up", ("Rural", "Inner city", "Reservation or tribal land", "Abroad")),
    DefaultDimension(
        "socioeconomic", "Socioeconomic background", ("Low-income background", "Worked through school", "Foster care")
    ),
    DefaultDimension(
        "nontraditional",
        "Path to medicine",
        ("Career changer", "Over 30 at the start of medical school", "Community college", "MD/PhD", "DO student"),
    ),
    DefaultDimension(
        "language_home",
        "Language at home",
        ("Spanish", "Haitian Creole", "Arabic", "Hmong", "Mandarin", "Somali", "Vietnamese", "Navajo"),
    ),
)
