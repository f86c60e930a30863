"""What people write about themselves: composed from independent banks, in their own tone, order and length.

A text fits its writer: corners of the specialty, stage, place, and only those parts of a life that they show.
"""

from dataclasses import dataclass, field

from infra.demo.banks import load_bank, pick
from infra.demo.letters import Shelf, Writer, capital
from infra.demo.pen import Pen

TONES: dict[str, float] = {"plain": 38, "terse": 15, "chatty": 18, "formal": 12, "story": 10, "list": 7}
MENTOR_TONES: dict[str, float] = {"plain": 44, "terse": 18, "chatty": 16, "formal": 14, "list": 8}
# Only the first facet is asked of everybody; how often people fill in the others.
FILLED_IN = {"wish": 1.0, "goals": 0.74, "offer": 1.0, "expertise": 0.8, "interests": 0.62}
SHORT_TONES = ("terse", "list")
OTHER_LANGUAGES, OTHER_LANGUAGE_SHARE = ("es", "fr"), 0.14

# The order of parts in a text. Parts that a writer cannot fill are left out.
WISHES = (
    "opening draw ask", "scene draw ask hope", "state worry ask closing", "ask draw practical", "life ask hope",
    "opening scene life draw ask theme closing", "draw ask", "hope ask fact", "opening fact draw ask theme hobby",
    "fact scene ask", "state scene draw theme", "worry hope ask", "scene", "ask", "opening life theme ask hope",
    "scene fact life draw draw ask theme practical closing", "state draw hobby ask", "theme ask worry",
    "opening state worry scene ask theme hope practical closing", "life draw theme", "ask theme", "draw scene ask",
    "fact ask hope practical", "hope life scene", "state ask", "opening ask practical closing",
)
SHORT_WISHES = ("ask", "draw ask", "opening ask", "opening draw", "ask theme", "draw", "state ask", "opening draw ask")
GOALS = ("ask", "ask theme", "theme ask", "ask ask", "theme", "ask theme ask", "theme theme", "ask ask theme")
INTERESTS = ("draw", "draw hobby", "draw draw", "hobby draw", "draw draw hobby", "draw theme_draw", "theme_draw hobby")
OFFERS = (
    "opening give", "give", "give reason", "opening life give manner", "reason give manner", "fact give give closing",
    "opening fact reason give", "manner give", "life reason give", "opening give theme manner closing", "give theme",
    "opening fact life give theme reason manner", "theme give", "reason life give theme", "fact theme manner",
)
EXPERTISE = ("work", "work draw", "opening work", "fact work", "work work", "opening work draw", "work fact draw")


@dataclass
class Desk:
    """Writes texts for one person after another, no two alike."""

    shelf: Shelf
    _written: set[str] = field(default_factory=set)

    def write(self, writer: Writer) -> dict[str, str]:
        """The statements of a person, by facet: wish[, goals][, interests]; or offer[, expertise][, interests]."""
        rng = self.shelf.rng
        return {facet: text for facet, text in self._all(writer).items() if rng.random() < FILLED_IN[facet]}

    def _all(self, writer: Writer) -> dict[str, str]:
        rng = self.shelf.rng
        foreign = next((code for code in OTHER_LANGUAGES if code in writer.languages), None)
        if foreign and rng.random() < OTHER_LANGUAGE_SHARE:
            return _Foreign(self.shelf, writer, foreign).statements()
        pen = Pen(self.shelf, writer, pick(rng, MENTOR_TONES if writer.mentor else TONES))
        return {facet: self._one_of_a_kind(pen, facet, plans) for facet, plans in _plans(writer, pen.tone).items()}

    def _one_of_a_kind(self, pen: Pen, facet: str, plans: tuple[str, ...]) -> str:
        if pen.tone == "story" and facet != "wish":
            pen.tone = "plain"
        for _ in range(6):
            text = pen.compose(self.shelf.rng.choice(plans).split())
            if text not in self._written:
                break
        self._written.add(text)
        return text


@dataclass
class _Foreign:
    """Somebody who writes in Spanish or French."""

    shelf: Shelf
    writer: Writer
    language: str
    used: set[str] = field(default_factory=set)

    def statements(self) -> dict[str, str]:
        if self.writer.mentor:
            return {"offer": self._text("give give close"), "expertise": self._text("work"),
                    "interests": self._text("draw")}
        plan = self.shelf.rng.choice(["opening scene ask", "opening draw scene ask close", "scene ask close",
                                     "draw ask ask", "opening ask scene draw"])
        return {"wish": self._text(plan), "goals": self._text("ask"), "interests": self._text("draw")}

    def _text(self, plan: str) -> str:
        return " ".join(self._line(part) for part in plan.split())

    def _line(self, part: str) -> str:
        line = self.shelf.deal(("other_languages", self.language, part), self.used)
        fields = load_bank("other_languages")[self.language]["fields"]
        name = next((fields[code][0] for code in self.writer.specialties if code in fields), fields["other"][0])
        return capital(line.format(field=name, city=self.writer.site.city, site=self.writer.site.short_name))


def _plans(writer: Writer, tone: str) -> dict[str, tuple[str, ...]]:
    if writer.mentor:
        return {"offer": OFFERS, "expertise": EXPERTISE, "interests": INTERESTS}
    return {"wish": SHORT_WISHES if tone in SHORT_TONES else WISHES, "goals": GOALS, "interests": INTERESTS}
