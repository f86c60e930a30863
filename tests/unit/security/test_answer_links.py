"""The links of e-mails open one offer, until they expire, and nothing else."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from shared.security.answer_links import OfferKind, answer_link, answer_token, may_answer
from shared.settings import Settings

SECRET = "a-secret-of-the-tests-that-is-long-enough"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OFFER = UUID("6f6cfd6e-3f0c-4a05-9d2a-0c5f1c1f7a11")
TOKEN = answer_token(SECRET, OfferKind.PROPOSAL, OFFER, NOW + timedelta(days=14))


def test_a_token_opens_its_offer_until_it_expires() -> None:
    assert may_answer(SECRET, OfferKind.PROPOSAL, OFFER, TOKEN, NOW)
    assert may_answer(SECRET, OfferKind.PROPOSAL, OFFER, TOKEN, NOW + timedelta(days=13, hours=23))
    assert not may_answer(SECRET, OfferKind.PROPOSAL, OFFER, TOKEN, NOW + timedelta(days=14))


def test_a_token_opens_no_other_offer_and_no_other_kind() -> None:
    assert not may_answer(SECRET, OfferKind.PROPOSAL, uuid4(), TOKEN, NOW)
    assert not may_answer(SECRET, OfferKind.REQUEST, OFFER, TOKEN, NOW)


def test_a_token_of_another_deployment_opens_nothing() -> None:
    assert not may_answer("another-secret-that-is-long-enough-too", OfferKind.PROPOSAL, OFFER, TOKEN, NOW)


def test_nobody_can_prolong_a_token() -> None:
    _, _, signature = TOKEN.partition(".")
    later = int((NOW + timedelta(days=400)).timestamp())
    assert not may_answer(SECRET, OfferKind.PROPOSAL, OFFER, f"{later:x}.{signature}", NOW)


@pytest.mark.parametrize("token", ["", ".", "x", "zz.zz", "-1.a", "ffffffffffffffff.a", "1_0.a", "é.é", TOKEN[:-1]])
def test_nonsense_opens_nothing(token: str) -> None:
    assert not may_answer(SECRET, OfferKind.PROPOSAL, OFFER, token, NOW)


def test_the_link_leads_to_the_page_that_asks() -> None:
    settings = Settings(public_url="https://belay.example.org/", secret_key=SECRET)
    link = answer_link(settings, OfferKind.REQUEST, OFFER, NOW)
    assert link.startswith(f"https://belay.example.org/answer/request/{OFFER}?token=")
