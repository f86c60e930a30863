"""A form in a card has the same room on top as at its sides, whatever hidden fields it begins with."""

import pytest

from tests.browser.conftest import Visitor
from tests.browser.person import DESKTOP, PHONE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_log_in_has_no_double_room_on_top(visitor: Visitor, width: int) -> None:
    stranger = visitor(width)
    stranger.goes_to("/login")
    card = stranger.page.locator("form.b-card").bounding_box()
    label = stranger.page.get_by_text("Your e-mail address").bounding_box()
    assert card
    assert label
    assert label["y"] - card["y"] == pytest.approx(label["x"] - card["x"], abs=6)
