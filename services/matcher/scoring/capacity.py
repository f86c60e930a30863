"""Bandwidth without periods: what a table or a policy says a mentor can take on."""

from services.matcher.policy import Policy
from services.matcher.scoring.people import Mentor


def hours_each(mentor: Mentor, policy: Policy) -> float:
    """Hours a month that one mentorship may cost: the dearest kind that the mentor offers."""
    return max(policy.kinds[kind].hours_per_month for kind in mentor.offer)


def free_slots(mentor: Mentor, policy: Policy) -> int:
    """min(slots, ⌊hours a month ÷ cost⌋) less what is promised, never below 0."""
    slots = mentor.max_mentees
    if mentor.hours_per_month is not None:
        slots = min(slots, int(mentor.hours_per_month // hours_each(mentor, policy)))
    return max(slots - mentor.promised, 0)
