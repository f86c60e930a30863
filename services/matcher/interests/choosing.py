"""Which embedding model reads, and on what: chosen by settings."""

from services.matcher.interests.model import EmbeddingModel, HashingModel, SentenceModel
from services.matcher.interests.openvino_model import OpenVinoModel, Precision
from shared.settings import Settings

HASHING = "hashing"


def make_model(settings: Settings, name: str = "") -> EmbeddingModel:
    """The embedding model that the settings name, or the one of that name on their backend; nothing is loaded yet.

    Raises ValueError if torch is asked for a precision that it does not have here.
    """
    name = name or settings.embedding_model
    precision, device = Precision(settings.embedding_precision), settings.embedding_device
    if name == HASHING:
        return HashingModel()
    if settings.embedding_backend == "openvino":
        return OpenVinoModel(name, precision, device)
    if precision not in {Precision.AUTO, Precision.F32}:
        raise ValueError("torch reads in f32; set BELAY_EMBEDDING_BACKEND=openvino for another precision")
    return SentenceModel(name, device)
