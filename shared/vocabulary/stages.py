"""Career stages, in the order people pass through them."""

from enum import StrEnum


class Stage(StrEnum):
    """A career stage; the value is what tables, messages and CSV files carry."""

    PREMED = "premed"
    M1 = "m1"
    M2 = "m2"
    M3 = "m3"
    M4 = "m4"
    PGY1 = "pgy1"
    PGY2 = "pgy2"
    PGY3 = "pgy3"
    PGY4 = "pgy4"
    PGY5 = "pgy5"
    PGY6 = "pgy6"
    PGY7 = "pgy7"
    FELLOW = "fellow"
    FACULTY = "faculty"
    COMMUNITY = "community"

    @property
    def label(self) -> str:
        return STAGE_LABELS[self]

    @property
    def years(self) -> int:
        """Years of training since the start of medical school; the scale of stage distance."""
        return STAGE_YEARS[self]


STAGE_LABELS: dict[Stage, str] = {
    Stage.PREMED: "Pre-medical student",
    Stage.M1: "Medical student, year 1 (M1)",
    Stage.M2: "Medical student, year 2 (M2)",
    Stage.M3: "Medical student, year 3 (M3)",
    Stage.M4: "Medical student, year 4 (M4)",
    Stage.PGY1: "Resident, PGY-1",
    Stage.PGY2: "Resident, PGY-2",
    Stage.PGY3: "Resident, PGY-3",
    Stage.PGY4: "Resident, PGY-4",
    Stage.PGY5: "Resident, PGY-5",
    Stage.PGY6: "Resident, PGY-6",
    Stage.PGY7: "Resident, PGY-7",
    Stage.FELLOW: "Fellow",
    Stage.FACULTY: "Faculty physician",
    Stage.COMMUNITY: "Community physician",
}

STAGE_YEARS: dict[Stage, int] = {
    Stage.PREMED: -1,
    Stage.M1: 0,
    Stage.M2: 1,
    Stage.M3: 2,
    Stage.M4: 3,
    Stage.PGY1: 4,
    Stage.PGY2: 5,
    Stage.PGY3: 6,
    Stage.PGY4: 7,
    Stage.PGY5: 8,
    Stage.PGY6: 9,
    Stage.PGY7: 10,
    Stage.FELLOW: 9,
    Stage.FACULTY: 14,
    Stage.COMMUNITY: 14,
}

TRAINEE_STAGES: tuple[Stage, ...] = tuple(s for s in Stage if s not in {Stage.FACULTY, Stage.COMMUNITY})
NEAR_PEER_STAGES: tuple[Stage, ...] = (
    *(s for s in Stage if s.value.startswith("pgy")),
    Stage.FELLOW,
)
FACULTY_STAGES: tuple[Stage, ...] = (Stage.FACULTY, Stage.COMMUNITY)
MENTOR_STAGES: tuple[Stage, ...] = (Stage.M3, Stage.M4, *NEAR_PEER_STAGES, *FACULTY_STAGES)
