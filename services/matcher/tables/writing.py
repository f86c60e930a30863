"""Matches and reports as files; a file is there whole or not at all."""

import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from services.matcher.tables.files import EXCEL

Cells = Sequence[str | int | float]
TABLE_ENDINGS = (".csv", ".xlsx")


def check_outputs(outputs: Iterable[Path | None], inputs: Iterable[Path | None]) -> None:
    """Refuse to write over a file that is read, or two results into one file. Raises ValueError, OSError."""
    taken = {path.resolve() for path in inputs if path}
    for path in filter(None, outputs):
        if path.resolve() in taken:
            raise ValueError(f"{path} is one of the files given; name another one to write to. Nothing was written")
        taken.add(path.resolve())
        path.parent.mkdir(parents=True, exist_ok=True)


def check_ending(path: Path | None, known: Sequence[str]) -> None:
    """Refuse a name whose ending does not say what to write. Raises ValueError."""
    if path and path.suffix.lower() not in known:
        raise ValueError(f"{path} should end in {' or '.join(known)}. Nothing was written")


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Write to a neighbor of the path and put it in place when it is complete. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    os.close(handle)
    unfinished = Path(name)
    try:
        write(unfinished)
        unfinished.chmod(0o644)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_table(path: Path, header: Sequence[str], rows: Sequence[Cells]) -> None:
    """A table as CSV (UTF-8, commas) or, by the file's name, as Excel."""
    writer = _write_excel if path.suffix.lower() in EXCEL else _write_csv
    write_whole(path, lambda target: writer(target, header, rows))


def write_json(path: Path, report: dict[str, Any]) -> None:
    text = json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False)

    def write(target: Path) -> None:
        target.write_text(text + "\n", encoding="utf-8")

    write_whole(path, write)


def write_figures(path: Path, figures: Sequence[Cells]) -> None:
    """Measured figures as a table, or as JSON by the file's name."""
    header = ("suite", "what", "instance", "value", "unit")
    if path.suffix.lower() == ".json":
        write_json(path, {"figures": [dict(zip(header, cells, strict=True)) for cells in figures]})
    else:
        write_table(path, header, figures)


def _write_csv(path: Path, header: Sequence[str], rows: Sequence[Cells]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _write_excel(path: Path, header: Sequence[str], rows: Sequence[Cells]) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = "Matches"
    for line, cells in enumerate([header, *rows], start=1):
        for column, value in enumerate(cells, start=1):
            cell = sheet.cell(line, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # an id that begins with "=" stays text
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for column, name in zip(sheet.columns, header, strict=True):
        widest = max(len(str(cell.value or "")) for cell in column[:200])
        sheet.column_dimensions[column[0].column_letter].width = min(max(widest, len(name)) + 2, 70)
    book.save(path)
