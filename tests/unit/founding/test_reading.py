"""A program's file is understood whole, or answered with everything that is wrong with it."""

import shutil
from pathlib import Path

import pytest

from services.api.founding.reading import PlanError, read_plan
from shared.explanations.features import Feature

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
REAL_SITES = Path(__file__).parents[3] / "infra" / "demo" / "words" / "institutions.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLES, tmp_path / "program"))


def spoil(folder: Path, *changes: tuple[str, str], file: str = "program.toml") -> str:
    """What the reader says after these replacements in the example."""
    path = folder / file
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)
    with pytest.raises(PlanError) as told:
        read_plan(folder / "program.toml")
    return str(told.value)


def test_the_example_is_a_plan() -> None:
    plan = read_plan(EXAMPLES / "program.toml")
    assert [site.group for site in plan.institutions] == ["", "Example Health", "Example Health"]
    assert plan.weights[Feature.SHARED_EXPERIENCE] == 2
    assert plan.dimensions is None


def test_the_real_institutions_of_the_demo_can_be_taken_as_they_are(folder: Path) -> None:
    shutil.copy(REAL_SITES, folder / "institutions.csv")
    text = (folder / "program.toml").read_text().replace("Example Health North", "Mayo Clinic in Minnesota")
    (folder / "program.toml").write_text(text)
    assert len(read_plan(folder / "program.toml").institutions) > 60


def test_all_mistakes_are_told_at_once_each_with_its_place(folder: Path) -> None:
    told = spoil(folder, ("example-mentoring", "A b"), ("ola.operator@example.org", "Ola"), ("stage = 1", "x = 1"))
    assert [line.split(": ")[1] for line in told.splitlines()] == ["program.slug", "people.3.email", "weights.x.[key]"]


def test_dates_in_the_wrong_order_are_refused(folder: Path) -> None:
    assert "opens_on comes first" in spoil(folder, ("2027-11-30", "2026-11-30"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('institution = "Example Health North"', 'institution = "Elsewhere"', "no institution is called 'Elsewhere'"),
        ('institution = "Example Health North"', "", "a coordinator, and nobody else, has an institution"),
        ('role = "lead"', 'role = "operator"', "somebody must be lead"),
        ('institutions = "institutions.csv"', "", "institutions names a CSV file"),
        ('institutions = "institutions.csv"', 'institutions = "none.csv"', "cannot be read"),
        ("[cycle]", "[cycle", "is no TOML"),
        ("[weights]", "[wishes]", "wishes: Extra inputs are not permitted"),
        ("robin.lead@example.org", "ola.operator@example.org", ""),
    ],
)
def test_what_does_not_fit_together_is_refused(folder: Path, old: str, new: str, told: str) -> None:
    if told:
        assert told in spoil(folder, (old, new))
    else:  # one person may hold several roles
        path = folder / "program.toml"
        path.write_text(path.read_text().replace(old, new))
        assert len(read_plan(path).people) == 3


def test_every_bad_row_of_the_institutions_is_named_with_its_line(folder: Path) -> None:
    changes = (("39.80", "north"), ("America/Chicago,\n", "Chicago,\n"), ("Rochester,MN", "Rochester,Minnesota"))
    told = spoil(folder, *changes, file="institutions.csv").splitlines()
    assert [line.split(": ")[:2] for line in told] == [
        ["institutions.csv, line 2", "latitude"],
        ["institutions.csv, line 2", "time_zone"],
        ["institutions.csv, line 4", "state"],
    ]


def test_institutions_that_stand_there_twice_are_refused(folder: Path) -> None:
    assert "twice" in spoil(folder, ("Example Health South", "Example Health North"), file="institutions.csv")


def test_weights_that_are_all_zero_are_refused(folder: Path) -> None:
    whole = (folder / "program.toml").read_text()
    (folder / "program.toml").write_text(whole[: whole.index("[weights]")] + "[weights]\ninterest = 0\n")
    with pytest.raises(PlanError, match="at least one is above 0"):
        read_plan(folder / "program.toml")
