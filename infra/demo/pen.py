"""One person's way of putting things: parts, frames and lines become a text."""

import re
from dataclasses import dataclass, field
from random import Random

from infra.demo.banks import load_bank
from infra.demo.callings import HEART
from infra.demo.letters import Shelf, Writer, capital
from shared.vocabulary.specialties import SPECIALTIES
from shared.vocabulary.stages import FACULTY_STAGES, NEAR_PEER_STAGES, Stage

ANGLE_SHARE, WHEN_SHARE, TYPO_SHARE, NEAR_PEER_SHARE = 0.3, 0.25, 0.07, 0.6
LONGEST_NARROWED = 5  # words of an interest that may be narrowed further
SLOT = re.compile(r"\{(\w+)\}")
YEARS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

STAGE_PHRASES: dict[Stage, str] = {
    Stage.PREMED: "a premed", Stage.M1: "a first-year student", Stage.M2: "a second-year", Stage.M3: "a third-year",
    Stage.M4: "a fourth-year", Stage.PGY1: "an intern", Stage.PGY2: "a PGY-2", Stage.PGY3: "a PGY-3",
    Stage.PGY4: "a PGY-4", Stage.PGY5: "a PGY-5", Stage.PGY6: "a PGY-6", Stage.PGY7: "a chief resident",
    Stage.FELLOW: "a fellow", Stage.FACULTY: "faculty", Stage.COMMUNITY: "a community physician",
}
STAGE_BANKS = {Stage.PGY1: "intern", Stage.PGY2: "resident", Stage.PGY3: "resident"}


@dataclass
class Pen:
    """One person's way of putting things, and what they have said already."""

    shelf: Shelf
    writer: Writer
    tone: str
    used: set[str] = field(default_factory=set)
    frames: set[str] = field(default_factory=set)
    corners: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        self.corners = _corners(self.shelf.rng, self.writer.specialties)

    def compose(self, parts: list[str]) -> str:
        """The text of these parts in order; never empty."""
        sentences = [self._sentence(part) for part in parts]
        said = [capital(sentence) for sentence in sentences if sentence]
        text = ("\n" if self.tone == "list" else " ").join(said or [capital(self._sentence("theme"))])
        text = text.replace("a.m..", "a.m.")
        return _with_slips(self.shelf.rng, text) if self.shelf.rng.random() < TYPO_SHARE else text

    def _sentence(self, part: str) -> str:
        make = getattr(self, f"_part_{part}", None)
        return make() if make else self._fill(self._frame(part))

    def _frame(self, part: str) -> str:
        side = "mentor" if self.writer.mentor else "mentee"
        return self.shelf.deal(("tones", self.tone, side, part), self.frames) or self._again(side, part)

    def _again(self, side: str, part: str) -> str:
        self.frames.clear()
        return self.shelf.deal(("tones", self.tone, side, part), self.frames)

    def _part_scene(self) -> str:
        scene = self._of_corner("ward_scenes") if self.on_wards and self.shelf.rng.random() < 0.5 else ""
        return self._fill(scene or self._of_corner("scenes")) or self._part_fact()

    def _part_state(self) -> str:
        return self._fill(self._deal("stages", _stage_bank(self.writer.stage), "states"))

    def _part_life(self) -> str:
        lives, rng = load_bank("lives"), self.shelf.rng
        sides = ["mentor", "faculty"] if self.writer.stage in FACULTY_STAGES else ["mentor"]
        sides = sides if self.writer.mentor else ["trainee"]
        told = [(life, side) for life in sorted(self.writer.shown & lives.keys()) for side in sides]
        told = [(life, side) for life, side in told if side in lives[life]]
        return self._fill(self._deal("lives", *rng.choice(told))) if told else ""

    def _part_theme(self) -> str:
        frame = self._frame("give" if self.writer.mentor else "ask")
        return self._fill(frame, {"ask": self._theme("asks"), "give": self._theme("gives")})

    def _part_theme_draw(self) -> str:
        return self._fill(self._frame("draw"), {"draw": self._theme("draws")})

    def _part_fact(self) -> str:
        return self._fill(self._deal("odds", "mentor_facts" if self.writer.stage in FACULTY_STAGES else "facts"))

    def _part_hope(self) -> str:
        return self._fill(self._deal("odds", "hopes"))

    def _part_worry(self) -> str:
        return self._fill(self._deal("odds", "worries"))

    def _part_practical(self) -> str:
        return self._fill(self._deal("odds", "practical"))

    def _part_manner(self) -> str:
        return self._fill(self._deal("odds", "manners"))

    def _part_reason(self) -> str:
        return self._fill(self._deal("odds", "reasons"))

    @property
    def on_wards(self) -> bool:
        return self.writer.stage.years >= Stage.M3.years

    def _fill(self, frame: str, given: dict[str, str] | None = None) -> str:
        def value(slot: re.Match[str]) -> str:
            name = slot[1]
            return self._fill((given or {}).pop(name, "") or self._slot(name))

        return SLOT.sub(value, frame)

    def _slot(self, name: str) -> str:
        """What goes into a `{name}` of a frame."""
        simple = {
            "years": self.shelf.rng.choice(YEARS),
            "region": self.writer.region,
            "field": _field(self.writer.specialties),
            "stage": STAGE_PHRASES[self.writer.stage],
            "site": self.writer.site.short_name,
            "city": self.writer.site.city,
        }
        return simple[name] if name in simple else self._line_for(name)

    def _line_for(self, name: str) -> str:
        match name:
            case "draw":
                return self._draw()
            case "ask":
                return self._ask()
            case "give":
                return self._mentors_line("gives") or self._theme("gives")
            case "work":
                return self._mentors_line("works") or self._draw()
            case _:
                return self._deal("odds", f"{name[:-1]}ies" if name.endswith("y") else f"{name}s")

    def _draw(self) -> str:
        draw = self._of_corner("draws")
        if not draw:
            return self._theme("draws")
        if "," in draw or len(draw.split()) > LONGEST_NARROWED or self.shelf.rng.random() > ANGLE_SHARE:
            return draw
        return f"{draw} {self._deal('odds', 'angles')}"

    def _ask(self) -> str:
        student = self.writer.stage not in NEAR_PEER_STAGES
        kind = self.shelf.rng.choice(["", "asks", "student_asks" if student else "resident_asks"])
        ask = self._of_corner(kind) or self._deal("stages", _stage_bank(self.writer.stage), "asks")
        if "without" in ask or self.shelf.rng.random() > WHEN_SHARE:
            return ask
        return f"{ask} {self._deal('odds', 'whens')}"

    def _mentors_line(self, kind: str) -> str:
        """Faculty speak from their field; a near-peer mostly from having been there a year ago."""
        if self.writer.stage in FACULTY_STAGES:
            return self._of_corner(kind)
        return self._deal("near_peers", kind) if self.shelf.rng.random() < NEAR_PEER_SHARE else ""

    def _of_corner(self, kind: str) -> str:
        banks = [corner for corner in self.corners if kind in _bank_of(corner)]
        self.shelf.rng.shuffle(banks)
        return next(filter(None, (self._deal(*bank, kind) for bank in banks)), "")

    def _theme(self, kind: str) -> str:
        """A line on something beside the specialty that was not said yet."""
        themes = load_bank("themes")
        faculty = kind == "gives" and self.writer.stage in FACULTY_STAGES and self.shelf.rng.random() < 0.5
        banks = [(name, "faculty_gives" if faculty else kind) for name in themes if self._may_say(name)]
        banks = [bank for bank in banks for _ in themes[bank[0]].get(bank[1], ())]
        self.shelf.rng.shuffle(banks)
        return next(filter(None, (self._deal("themes", *bank) for bank in banks)), "")

    def _may_say(self, theme: str) -> bool:
        return theme != "languages" or "es" in self.writer.languages

    def _deal(self, *path: str) -> str:
        return self.shelf.deal(path, self.used)


def _corners(rng: Random, specialties: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Where in the banks somebody's interests are: emergency medicine has corners of its own."""
    corners: list[tuple[str, ...]] = []
    for rank, code in enumerate(specialties):
        if code != HEART:
            corners += [("specialties", code)] * (2 if rank == 0 else 1)
            continue
        special = [name for name in load_bank("emergency") if name != "general"]
        corners += [("emergency", "general"), *(("emergency", name) for name in rng.sample(special, 2))]
    return tuple(corners)


def _bank_of(corner: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    bank: dict[str, tuple[str, ...]] = load_bank(corner[0])[corner[1]]
    return bank


def _stage_bank(stage: Stage) -> str:
    if stage in FACULTY_STAGES:
        return "fellow"
    return STAGE_BANKS.get(stage, "senior") if stage.value.startswith("pgy") else stage.value


def _field(specialties: tuple[str, ...]) -> str:
    return SPECIALTIES[specialties[0]].lower() if specialties else "something I haven't found yet"


def _with_slips(rng: Random, text: str) -> str:
    """One or two slips of the finger: neighbors swapped, a letter lost or doubled."""
    for _ in range(rng.choice([1, 1, 2])):
        inside = [at for at in range(1, len(text) - 2) if text[at : at + 2].isalpha() and text[at - 1].isalpha()]
        if not inside:
            return text
        at = rng.choice(inside)
        pair = text[at : at + 2]
        slip = rng.choice([pair[::-1], pair[0], pair[0] + pair])
        text = text[:at] + slip + text[at + 2 :]
    return text
