"""Attempts are counted by address; one line of IPv6 is one, however many addresses it has."""

import pytest

from services.api.edge import counted_as


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_addresses_that_one_line_has_count_as_one(address: str, counted: str) -> None:
    assert counted_as(address) == counted
