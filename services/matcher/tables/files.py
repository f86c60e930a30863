"""Rows of a CSV or Excel file, one at a time, each with its line; so a file of any size can be read."""

import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from services.matcher.tables.problems import Findings

DELIMITERS = (",", ";", "\t", "|")
LONGEST_CELL, LONGEST_LINE = 1_000_000, 10_000_000
TELL_EVERY = 1 << 20
ROWS_BETWEEN = 1_000
EXCEL = {".xlsx", ".xlsm"}


class Row(NamedTuple):
    """A row's cells as text, as many as the header has."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A header, and the rows below it (to be read once)."""

    header: tuple[str, ...]
    rows: Iterator[Row]


def open_sheet(path: Path, findings: Findings) -> Sheet:
    """The header and rows of a file; empty lines are left out.

    Adds rows that are too long or short to the findings. Raises TableError where reading cannot go on: no such file,
    empty, not UTF-8, not a table.
    """
    if not path.is_file():
        raise findings.stop(0, "", "there is no such file")
    lines = _excel_rows(path, findings) if path.suffix.lower() in EXCEL else _csv_rows(path, findings)
    filled = ((line, cells) for line, cells in lines if any(cell.strip() for cell in cells))
    first = next(filled, None)
    if first is None:
        raise findings.stop(0, "", "the file is empty; the first line should name the columns")
    header = tuple(cell.strip() for cell in first[1])
    return Sheet(header, _even(header, filled, findings))


def _even(header: tuple[str, ...], lines: Iterator[tuple[int, list[str]]], findings: Findings) -> Iterator[Row]:
    """Rows as wide as the header; missing cells at the end are empty, surplus ones a problem."""
    for line, cells in lines:
        if any(cell.strip() for cell in cells[len(header) :]):
            findings.add(line, "", f"has {len(cells)} cells, but the header names {len(header)} columns")
            continue
        kept = cells[: len(header)]
        yield Row(line, tuple(cell.strip() for cell in kept) + ("",) * (len(header) - len(kept)))


def _csv_rows(path: Path, findings: Findings) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    text = _decoded_lines(path, findings)
    first = next(text, "")
    reader = csv.reader(_with_first(first, text), delimiter=_delimiter(first), strict=True)
    start = 1
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise findings.stop(max(start, 1), "", f"is not a row of a CSV file: {error}") from error


def _with_first(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _decoded_lines(path: Path, findings: Findings) -> Iterator[str]:
    """Lines of UTF-8 text (a byte order mark is taken off); the first byte that is not is a problem."""
    for number, raw in _raw_lines(path, findings):
        content = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
        try:
            line = content.decode("utf-8")
        except UnicodeDecodeError as error:
            where = f'is not UTF-8 text at byte {error.start + 1}; save the file as "CSV UTF-8"'
            raise findings.stop(number, "", where) from error
        if "\0" in line:
            raise findings.stop(number, "", "holds a zero byte; this is not a CSV file")
        yield line


def _raw_lines(path: Path, findings: Findings) -> Iterator[tuple[int, bytes]]:
    """Numbered lines, never one that would fill the memory; tells how far they are."""
    size, done, told = max(path.stat().st_size, 1), 0, 0
    with path.open("rb") as file:
        for number, raw in enumerate(iter(partial(file.readline, LONGEST_LINE + 1), b""), start=1):
            if len(raw) > LONGEST_LINE:
                raise findings.stop(number, "", f"is longer than {LONGEST_LINE:,} bytes; this is not a CSV file")
            done += len(raw)
            if done - told >= TELL_EVERY:
                told = done
                findings.tell(done / size)
            yield number, raw


def _delimiter(header: str) -> str:
    """The delimiter that the header uses most; a comma if none."""
    return max(DELIMITERS, key=lambda d: (header.count(d), d == ","))


def _excel_rows(path: Path, findings: Findings) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise findings.stop(0, "", f"is not a readable Excel file: {error}") from error
    try:
        sheet = book.worksheets[0]
        lines = sheet.max_row or 1
        for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            if line % ROWS_BETWEEN == 0:
                findings.tell(line / lines)
            yield line, [_as_text(cell) for cell in cells]
    finally:
        book.close()


def _as_text(cell: Any) -> str:
    """A cell as it would stand in a CSV file: 3.0 is 3, nothing is empty."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(cell)
