from pathlib import Path

from infra.local.following import LogFile


def test_lines_written_after_the_first_look_are_new(tmp_path: Path) -> None:
    path = tmp_path / "api.log"
    path.write_text("one\ntwo\n")
    log = LogFile(path)
    assert log.last_lines(1) == ["two"]
    with path.open("a") as handle:
        handle.write("three\nfo")
    assert list(log.new_lines()) == ["three"]
    with path.open("a") as handle:
        handle.write("ur\n")
    assert list(log.new_lines()) == ["four"]


def test_a_rotated_log_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "api.log"
    path.write_text("a long line of the day before\n")
    log = LogFile(path)
    log.last_lines(1)
    path.write_text("today\n")
    assert list(log.new_lines()) == ["today"]
