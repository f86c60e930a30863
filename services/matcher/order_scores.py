"""The scores of an order's people: what they wrote embedded (as far as it is not yet), then every feature."""

from services.matcher.interests.embedding import Progress
from services.matcher.interests.model import EmbeddingModel
from services.matcher.interests.reading import InterestReader, passages_of
from services.matcher.interests.records import Interests
from services.matcher.orders import Order
from services.matcher.scoring.national import NationalScores
from services.matcher.vectors import StoredVectors
from shared.db.engine import Database


def read_interests(database: Database, model: EmbeddingModel, order: Order, progress: Progress) -> Interests:
    """Everybody's interests; what is new is embedded with progress and kept, also by a worker that dies on the way."""
    vectors = StoredVectors(database, model.name)
    mentees, mentors = ([p.statements for p in side] for side in (order.cycle.mentees, order.cycle.mentors))
    vectors.fetch(passages_of([*mentees, *mentors]))
    interests = InterestReader(model, vectors, progress).read(mentees, mentors)
    vectors.flush()
    return interests


def score_order(order: Order, interests: Interests) -> NationalScores:
    return NationalScores(order.cycle.mentees, order.cycle.mentors, order.policy, interests, order.scale)
