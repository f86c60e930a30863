"""Tokens and codes: random, hashed where they rest, and match tokens that tell nothing but equality."""

from uuid import uuid4

from shared.security.tokens import CODE_DIGITS, hash_code, hash_token, match_token, new_code, new_token, same

KEY, OTHER_KEY = b"a" * 32, b"b" * 32


def test_tokens_have_256_random_bits() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {43}


def test_codes_have_six_digits_and_use_the_whole_range() -> None:
    codes = [new_code() for _ in range(3000)]
    assert all(len(code) == CODE_DIGITS and code.isdigit() for code in codes)
    assert {code[0] for code in codes} == set("0123456789")


def test_the_hash_of_a_code_needs_the_key() -> None:
    assert hash_code("042917", "one") != hash_code("042917", "other")
    assert same(hash_code("042917", "one"), hash_code("042917", "one"))


def test_a_token_is_not_in_its_hash() -> None:
    token = new_token()
    assert token.encode() not in hash_token(token)


def test_equal_answers_have_equal_match_tokens_however_they_are_typed() -> None:
    dimension = uuid4()
    assert match_token(KEY, dimension, " Yes ") == match_token(KEY, dimension, "yes")
    assert match_token(KEY, dimension, "\uff39es") == match_token(KEY, dimension, "Yes")


def test_match_tokens_differ_by_answer_dimension_and_cycle() -> None:
    one, other = uuid4(), uuid4()
    tokens = {
        match_token(KEY, one, "Yes"),
        match_token(KEY, one, "No"),
        match_token(KEY, other, "Yes"),
        match_token(OTHER_KEY, one, "Yes"),
    }
    assert len(tokens) == 4
