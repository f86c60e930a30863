"""Which of a mentee's wishes a pair fills: the one rule that api and matcher share. Pure."""

from collections.abc import Sequence

from shared.vocabulary.mentoring import Kind


def wish_for(kind: Kind, wishes: Sequence[Kind]) -> Kind | None:
    """The wish that a pair of this kind fills: one of its own kind, else one of any kind, else none."""
    return next((wish for wish in (kind, Kind.ANY) if wish in wishes), None)


def open_wishes(wanted: Sequence[Kind], held: Sequence[Kind]) -> tuple[Kind, ...]:
    """The wishes that nothing holds yet; what is held and fits none (wishes change) takes the last one."""
    remaining = list(wanted)
    for kind in held:
        if remaining:
            remaining.remove(wish_for(kind, remaining) or remaining[-1])
    return tuple(remaining)
