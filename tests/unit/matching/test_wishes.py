"""Which wishes are still open, and which of them a pair would fill."""

import pytest

from shared.vocabulary.mentoring import Kind
from shared.wishes import open_wishes, wish_for

ANY, PEER, FACULTY, SPECIALTY = Kind.ANY, Kind.NEAR_PEER, Kind.FACULTY, Kind.SPECIALTY


@pytest.mark.parametrize(
    ("wanted", "held", "left"),
    [
        ((PEER, FACULTY), (), (PEER, FACULTY)),
        ((PEER, FACULTY), (PEER,), (FACULTY,)),
        ((PEER, FACULTY), (FACULTY,), (PEER,)),
        ((ANY, FACULTY), (FACULTY,), (ANY,)),
        ((ANY, FACULTY), (PEER,), (FACULTY,)),
        ((PEER, FACULTY), (SPECIALTY,), (PEER,)),
        ((PEER,), (PEER, FACULTY), ()),
    ],
)
def test_what_is_held_takes_its_own_wish_then_one_of_any_kind(
    wanted: tuple[Kind, ...], held: tuple[Kind, ...], left: tuple[Kind, ...]
) -> None:
    assert open_wishes(wanted, held) == left


def test_a_pair_fills_a_wish_of_its_kind_else_of_any_kind_else_none() -> None:
    assert wish_for(PEER, (ANY, PEER)) is PEER
    assert wish_for(PEER, (FACULTY, ANY)) is ANY
    assert wish_for(PEER, (FACULTY,)) is None
