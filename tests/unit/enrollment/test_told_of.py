"""Beside which texts a form offers to keep them as they are."""

from services.api.enrollment.contact_details import told_of
from services.api.enrollment.schemas import LONGEST_TEXT

TELLING = "Write to ana@example.org. "


def test_a_text_that_tells_may_be_kept() -> None:
    assert told_of({"wish": TELLING}, {"wish": "This gives away …"}, "") == {"wish"}


def test_a_text_that_is_too_long_is_not_looked_through() -> None:
    """It is refused for its length; a megabyte without a blank would keep the search busy for minutes."""
    assert told_of({"wish": TELLING + "x" * LONGEST_TEXT}, {"wish": "That is …"}, "") == frozenset()
