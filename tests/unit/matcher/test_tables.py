"""Spreadsheets: forgiving headers, every bad row named, nothing guessed silently."""

from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook
from scipy import sparse

from services.matcher.tables import values
from services.matcher.tables.people import read_people
from services.matcher.tables.problems import TableError
from services.matcher.tables.scores import read_scores, read_vectors
from services.matcher.tables.writing import write_table, write_whole
from shared.vocabulary.mentoring import Kind, MeetingMode, SitePreference
from shared.vocabulary.stages import Stage

MENTEES = "id,stage\na,M1\nb,M2\n"
MENTORS = "id,max_mentees\nx,2\ny,1\n"


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def read(folder: Path, mentees: str | bytes = MENTEES, mentors: str | bytes = MENTORS):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return read_people(write(folder, "mentees.csv", mentees), write(folder, "mentors.csv", mentors))


def problems(folder: Path, mentees: str | bytes = MENTEES, mentors: str | bytes = MENTORS) -> list[str]:
    with pytest.raises(TableError) as refused:
        read(folder, mentees, mentors)
    return str(refused.value).split("\n")


def test_headers_may_be_written_as_people_write_them(tmp_path: Path) -> None:
    mentees, mentors = read(
        tmp_path,
        "Mentee ID;Career Stage;Speciality 1;Speciality 2;What I want;Goals;Same site?;Meeting mode;Time-Zone\n"
        "a;MS-3;EM;peds;Learn POCUS;Match;different;Zoom;America/Chicago\n",
        "\ufeffMentor\tcapacity\tLanguages\tMentor type\nx\t3\tEnglish, spanish\tnear peer, faculty\n",
    )
    mentee, mentor = mentees.persons[0], mentors.persons[0]
    assert (mentee.id, mentee.stage) == ("a", Stage.M3)
    assert mentee.specialties == ("emergency_medicine", "pediatrics")
    assert mentee.statements == ("Learn POCUS", "Match")
    assert (mentee.site, mentee.meeting_mode) == (SitePreference.OTHER, MeetingMode.VIDEO)
    assert (mentor.id, mentor.max_mentees, mentor.languages) == ("x", 3, ("en", "es"))
    assert mentor.kinds == {Kind.NEAR_PEER, Kind.FACULTY}


def test_an_id_comes_before_an_address_wherever_it_stands_and_the_other_is_named(tmp_path: Path) -> None:
    mentees, mentors = read(tmp_path, "Name,E-mail,ID\nAda,ada@x.org,a\n", "Mentor,id\nDr. Lee,m1\n")
    assert (mentees.persons[0].id, mentees.ignored) == ("a", ("Name", "E-mail"))
    assert (mentors.persons[0].id, mentors.ignored) == ("m1", ("Mentor",))


def test_columns_that_mean_nothing_are_named_not_hidden(tmp_path: Path) -> None:
    mentees, _ = read(tmp_path, "id,shoe size\na,42\n")
    assert mentees.ignored == ("shoe size",)


def test_excel_reads_like_csv(tmp_path: Path) -> None:
    book = Workbook()
    for line in (["id", "mentors wanted", "tier"], ["a", 2, None], [None, None, None], ["b", 1.0, 3]):
        book.active.append(line)
    book.save(tmp_path / "mentees.xlsx")
    mentees, _ = read_people(tmp_path / "mentees.xlsx", write(tmp_path, "mentors.csv", MENTORS))
    assert [(m.id, len(m.slots), m.tier) for m in mentees.persons] == [("a", 2, 0), ("b", 1, 3)]
    assert [entry.line for entry in mentees.entries] == [2, 4]


def test_all_bad_cells_of_both_files_are_listed_with_line_and_column(tmp_path: Path) -> None:
    assert problems(
        tmp_path,
        "id,stage,mentors_wanted,hours\na,M9,1,\nb,M1,1.5,Mon 9-12\nb,M2,-1,Someday\n,M2,x,\n",
        "id,max_mentees,min_mentees\nx,-2,0\ny,1,2\n",
    ) == [
        "mentees.csv, line 2, column stage: 'M9' is no career stage; known are " + ", ".join(Stage),
        "mentees.csv, line 3, column mentors_wanted: '1.5' is not a whole number",
        'mentees.csv, line 4, column hours: \'Someday\' should look like "Mon 9-12" or "Tue-Thu 6pm-8pm"',
        "mentees.csv, line 4, column id: 'b' stands on line 3 already",
        "mentees.csv, line 4, column mentors_wanted: '-1' should be from 0 to 20",
        "mentees.csv, line 5, column id: is empty; every row needs an id",
        "mentees.csv, line 5, column mentors_wanted: 'x' is not a number",
        "mentors.csv, line 2, column max_mentees: '-2' should be from 0 to 100000",
        "mentors.csv, line 3, column min_mentees: 2 is more than the mentor's most, 1",
    ]


def test_unknown_partners_and_impossible_pins_are_named(tmp_path: Path) -> None:
    assert problems(tmp_path, "id,forbidden,pinned\na,x; q,x\nb,,x;y\n", "id,evaluates\nx,a;z\ny,\n") == [
        "mentees.csv, line 2, column forbidden: 'q' is not an id of the other file",
        "mentees.csv, line 2, column pinned: 'x' is also forbidden",
        "mentees.csv, line 3, column pinned: names 2 mentors, but 1 are wanted",
        "mentors.csv, line 2, column evaluates: 'z' is not an id of the other file",
    ]


@pytest.mark.parametrize(("text", "said"), [
    (b"", "mentees.csv: the file is empty; the first line should name the columns"),
    (b"\n\n", "mentees.csv: the file is empty; the first line should name the columns"),
    (b"id\n", "mentees.csv: names columns, but nobody below them"),
    (b"id,stage\na,M1\nb\xe9,M2\n", 'mentees.csv, line 3: is not UTF-8 text at byte 2; save the file as "CSV UTF-8"'),
    (b"id,stage\na,M1,extra\n", "mentees.csv, line 2: has 3 cells, but the header names 2 columns"),
    (b"id\na\0\n", "mentees.csv, line 2: holds a zero byte; this is not a CSV file"),
    (b"id:stage\na:M1\n", ("mentees.csv, line 1: no column holds an id (found: id:stage); only one column was found: "
                           "is the file separated by commas, semicolons or tabs?")),
    (b"name,stage\na,M1\n", "mentees.csv, line 1: no column holds an id (found: name, stage)"),
    (b"id,stage,level\na,M1,M2\n",
     "mentees.csv, line 1, column level: says the same as another column (stage, level); keep one of them"),
    (b"id,kinds,mentors_wanted\na,faculty;near peer,3\n",
     "mentees.csv, line 2, column kinds: names 2 kinds, but 3 mentors are wanted"),
    (b"id,hours,tz\na,Mon 9-12,Mars/Olympus\n",
     "mentees.csv, line 2, column tz: 'Mars/Olympus' is no time zone; use one like America/Chicago"),
])
def test_a_file_that_cannot_be_read_says_where_and_why(tmp_path: Path, text: bytes, said: str) -> None:
    assert problems(tmp_path, text) == [said]


def test_an_open_quotation_mark_is_found_on_its_line(tmp_path: Path) -> None:
    found = problems(tmp_path, 'id,goals\na,fine\nb,"never closed\nc,x\n')
    assert found[0].startswith("mentees.csv, line 3: is not a row of a CSV file")


def test_a_missing_file_and_a_broken_workbook_say_so(tmp_path: Path) -> None:
    write(tmp_path, "mentors.xlsx", b"no zip")
    with pytest.raises(TableError) as refused:
        read_people(tmp_path / "nobody.csv", tmp_path / "mentors.xlsx")
    assert "nobody.csv: there is no such file" in str(refused.value)
    assert "mentors.xlsx: is not a readable Excel file" in str(refused.value)


def test_a_cell_over_several_lines_keeps_later_line_numbers_right(tmp_path: Path) -> None:
    assert problems(tmp_path, 'id,goals,stage\na,"one\ntwo\nthree",M1\nb,x,M9\n')[0].startswith(
        "mentees.csv, line 5, column stage")


def test_one_kind_holds_for_all_slots_and_several_are_one_each(tmp_path: Path) -> None:
    mentees, _ = read(tmp_path, "id,kinds,wanted\na,faculty,2\nb,faculty;near-peer,\nc,,2\nd,,0\n")
    assert [m.slots for m in mentees.persons] == [
        (Kind.FACULTY, Kind.FACULTY), (Kind.FACULTY, Kind.NEAR_PEER), (Kind.ANY, Kind.ANY), ()]


@pytest.mark.parametrize(("cell", "hours"), [
    ("Mon 9-12", {9, 10, 11}), ("Mon 9am-11am; Tue 22-23", {9, 10, 46}), ("mon 6pm-8pm", {18, 19}),
    ("Sun-Mon 1-2", {145, 1}), ("Monday 12am-1am", {0}), ("Mon 23-24", {23}), ("mon 9:00–10:00", {9}),
])
def test_weekly_hours_are_read_in_many_forms(cell: str, hours: set[int]) -> None:
    assert values.week(cell, "UTC") == sum(1 << hour for hour in hours)


def test_weekly_hours_are_moved_into_utc_around_the_week() -> None:
    assert values.week("Sun 20-21", "America/Chicago") == 1 << 2
    assert values.week("Mon 0-1", "Asia/Tokyo") == 1 << (168 - 9)


@pytest.mark.parametrize("cell", ["Mon", "Mon 9", "Fryday 9-12", "Mon 12-9", "Mon 25-26", "9-12"])
def test_hours_that_make_no_sense_are_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        values.week(cell, "UTC")


@pytest.mark.parametrize(("cell", "stage"), [
    ("M1", Stage.M1), ("ms 4", Stage.M4), ("PGY-3", Stage.PGY3), ("R2", Stage.PGY2), ("Intern", Stage.PGY1),
    ("Fellow", Stage.FELLOW), ("Attending", Stage.FACULTY), ("Pre-Med", Stage.PREMED),
])
def test_stages_are_read_as_people_write_them(cell: str, stage: Stage) -> None:
    assert values.stage(cell) is stage


def test_experiences_carry_an_importance() -> None:
    assert values.experience("First in the family: 3") == ("first_in_the_family", 3)
    assert values.experience("Veteran") == ("veteran", 2)


IDS = ["a", "b"], ["x", "y", "z"]


def test_scores_come_from_csv_sparse_and_dense_files_alike(tmp_path: Path) -> None:
    expected = np.array([[0.5, 0.0, -2.0], [0.0, 1.5, 0.0]])
    csv = write(tmp_path, "s.csv", "score,mentor_id,mentee_id\n0.5,x,a\n-2,z,a\n1.5,y,b\n")
    sparse.save_npz(tmp_path / "s.npz", sparse.csr_array(expected))
    np.save(tmp_path / "d.npy", expected.astype(np.float32))
    from_csv = read_scores(csv, *IDS, "forbid")
    assert (from_csv.toarray() == expected).all()
    assert from_csv.nnz == read_scores(tmp_path / "s.npz", *IDS, "forbid").nnz == 3
    assert read_scores(tmp_path / "d.npy", *IDS, "forbid").nnz == 6
    assert read_scores(csv, *IDS, "zero").nnz == 6


def test_bad_scores_are_all_named(tmp_path: Path) -> None:
    path = write(tmp_path, "s.csv", "mentee,mentor,score\na,x,1\na,x,2\nq,y,nan\nb,y,inf\nb,z,\n")
    with pytest.raises(TableError) as refused:
        read_scores(path, *IDS, "forbid")
    assert str(refused.value).split("\n") == [
        "s.csv, line 3: gives the pair of line 2 once more",
        "s.csv, line 4, column mentee: 'q' is not an id of the mentees file",
        "s.csv, line 4, column score: 'nan' is not a finite number",
        "s.csv, line 5, column score: 'inf' is not a finite number",
        "s.csv, line 6, column score: '' is not a finite number",
    ]


def test_a_matrix_that_does_not_fit_or_is_not_finite_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "small.npy", np.zeros((2, 2)))
    np.save(tmp_path / "nan.npy", np.array([[0, np.nan, 0], [0, 0, -np.inf]]))
    write(tmp_path, "junk.npy", b"junk")
    for name, said in (("small.npy", "expected (2, 3)"), ("nan.npy", "line 1, column 2: nan is not a finite number"),
                       ("junk.npy", "not a readable NumPy file: it holds something else"),
                       ("none.npy", "there is no such file")):
        with pytest.raises(TableError) as refused:
            read_scores(tmp_path / name, *IDS, "forbid")
        assert said in str(refused.value)


def test_vectors_must_be_as_many_as_people_and_of_unit_length(tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", np.array([[1, 0], [0, 0.5]], np.float32))
    with pytest.raises(TableError, match=r"line 2: the vector of 'b' has length 0.5, not 1"):
        read_vectors(tmp_path / "v.npy", ["a", "b"])
    with pytest.raises(TableError, match="has 2 rows for 3 people"):
        read_vectors(tmp_path / "v.npy", ["a", "b", "c"])


def test_a_table_that_fails_halfway_leaves_what_was_there(tmp_path: Path) -> None:
    path = write(tmp_path, "out.csv", "old")

    def fail(target: Path) -> None:
        target.write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_whole(path, fail)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_excel_file_never_runs_what_an_id_says(tmp_path: Path) -> None:
    from openpyxl import load_workbook
    write_table(tmp_path / "out.xlsx", ["id", "score"], [["=1+1", 0.5]])
    cell = load_workbook(tmp_path / "out.xlsx").active["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
