"""Every reason for which a slot can stay open has a name on the draft's chart."""

from services.api.matching.drafts.figures import reason_label
from shared.explanations.reasons import ReasonCode

FIRST_REASONS = [code for code in ReasonCode if code.startswith("barred_")]
FIRST_REASONS += [ReasonCode.NO_MENTORS, ReasonCode.MENTEE_NOT_READY, ReasonCode.ALL_FULL, ReasonCode.SLOTS_LEFT]


def test_no_reason_is_shown_by_its_code() -> None:
    assert [code for code in FIRST_REASONS if reason_label(code.value) == code.value] == []
