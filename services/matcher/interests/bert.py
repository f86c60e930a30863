"""A BERT sentence encoder as an OpenVINO graph, built straight from the folder of a sentence-transformers model.

No torch and no export: the graph is some hundred operations over the weights as they stand in the file. Sources:
Devlin et al., NAACL 2019 (encoder); Reimers and Gurevych, EMNLP 2019 (mean over word pieces, unit length).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Weights = Mapping[str, NDArray[np.float32]]
Node = Any  # openvino names its nodes' type in a private module

FAR_BELOW = np.float32(-1e9)
TINY = 1e-24


def read_config(folder: Path) -> dict[str, Any]:
    """The model's configuration. Raises ValueError unless it is a BERT whose word pieces are averaged."""
    config: dict[str, Any] = json.loads((folder / "config.json").read_text())
    pooling = folder / "1_Pooling" / "config.json"
    averaged = pooling.is_file() and json.loads(pooling.read_text()).get("pooling_mode_mean_tokens", False)
    kinds = [module["type"].rpartition(".")[2] for module in json.loads((folder / "modules.json").read_text())]
    plain = (config.get("model_type"), config.get("hidden_act")) == ("bert", "gelu")
    positions = config.get("position_embedding_type", "absolute") == "absolute"
    if not (plain and positions and averaged and set(kinds) <= {"Transformer", "Pooling", "Normalize"}):
        raise ValueError("only BERT models that average their word pieces can be read without torch")
    return config


def read_weights(folder: Path) -> Weights:
    """The weights float32 by name."""
    from safetensors.numpy import load_file

    stored = load_file(folder / "model.safetensors")
    return {name.removeprefix("bert."): array.astype(np.float32, copy=False) for name, array in stored.items()}


class BertGraph:
    """Builds the graph: ids int64[n, length] and mask float32[n, length] (0 where padded) → float32[n, width], unit
    rows. With `whole_numbers` the weights of the dense layers are int8, one scale per output.
    """

    def __init__(self, weights: Weights, config: Mapping[str, Any], *, whole_numbers: bool = False) -> None:
        from openvino import opset13

        self._ops, self._weights, self._config = opset13, weights, config
        self._whole_numbers = whole_numbers

    def build(self) -> Any:
        """The openvino.Model."""
        import openvino

        ops = self._ops
        ids, mask = ops.parameter([-1, -1], np.int64, "ids"), ops.parameter([-1, -1], np.float32, "mask")
        away = ops.multiply(ops.subtract(self._array(np.float32(1)), mask), self._array(FAR_BELOW))
        away = ops.unsqueeze(away, self._numbers(1, 2))
        hidden = self._embedded(ids)
        for layer in range(self._config["num_hidden_layers"]):
            hidden = self._layer(hidden, away, f"encoder.layer.{layer}.")
        return openvino.Model([ops.result(self._pooled(hidden, mask))], [ids, mask], "sentence-encoder")

    def _embedded(self, ids: Node) -> Node:
        ops, weights = self._ops, self._weights
        length = ops.gather(ops.shape_of(ids), self._numbers(1), self._array(np.int64(0)))
        table = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        places = ops.slice(self._array(table), self._numbers(0), length, self._numbers(1), self._numbers(0))
        words = ops.gather(self._named("embeddings.word_embeddings.weight"), ids, self._array(np.int64(0)))
        return self._normalized(ops.add(words, places), "embeddings.LayerNorm")

    def _layer(self, hidden: Node, away: Node, name: str) -> Node:
        ops = self._ops
        seen = self._dense(self._attended(hidden, away, f"{name}attention.self."), f"{name}attention.output.dense")
        hidden = self._normalized(ops.add(hidden, seen), f"{name}attention.output.LayerNorm")
        wide = ops.gelu(self._dense(hidden, f"{name}intermediate.dense"), "erf")
        return self._normalized(ops.add(hidden, self._dense(wide, f"{name}output.dense")), f"{name}output.LayerNorm")

    def _attended(self, hidden: Node, away: Node, name: str) -> Node:
        ops, heads = self._ops, self._config["num_attention_heads"]
        width = self._config["hidden_size"]
        shape, turn = self._numbers(0, 0, heads, width // heads), self._numbers(0, 2, 1, 3)
        query, key, value = (
            ops.transpose(ops.reshape(self._dense(hidden, name + part), shape, special_zero=True), turn)
            for part in ("query", "key", "value")
        )
        seen = ops.transpose(ops.scaled_dot_product_attention(query, key, value, away), turn)
        return ops.reshape(seen, self._numbers(0, 0, width), special_zero=True)

    def _dense(self, hidden: Node, name: str) -> Node:
        ops, weight = self._ops, self._weights[f"{name}.weight"]
        matrix = self._in_whole_numbers(weight) if self._whole_numbers else self._array(weight)
        product = ops.matmul(hidden, matrix, transpose_a=False, transpose_b=True)
        return ops.add(product, self._named(f"{name}.bias"))

    def _in_whole_numbers(self, weight: NDArray[np.float32]) -> Node:
        scale = np.maximum(np.abs(weight).max(axis=1, keepdims=True) / 127, np.float32(TINY)).astype(np.float32)
        rounded = self._array(np.rint(weight / scale).astype(np.int8))
        return self._ops.multiply(self._ops.convert(rounded, "f32"), self._array(scale))

    def _normalized(self, hidden: Node, name: str) -> Node:
        ops = self._ops
        even = ops.mvn(hidden, self._numbers(-1), normalize_variance=True, eps=self._config["layer_norm_eps"],
                       eps_mode="inside_sqrt")
        return ops.add(ops.multiply(even, self._named(f"{name}.weight")), self._named(f"{name}.bias"))

    def _pooled(self, hidden: Node, mask: Node) -> Node:
        ops, each = self._ops, self._ops.unsqueeze(mask, self._numbers(2))
        total = ops.reduce_sum(ops.multiply(hidden, each), self._numbers(1), keep_dims=False)
        mean = ops.divide(total, ops.reduce_sum(each, self._numbers(1), keep_dims=False))
        return ops.normalize_l2(mean, self._numbers(1), TINY, "add")

    def _named(self, name: str) -> Node:
        return self._array(self._weights[name])

    def _array(self, values: Any) -> Node:
        return self._ops.constant(np.ascontiguousarray(values) if np.ndim(values) else np.asarray(values))

    def _numbers(self, *values: int) -> Node:
        return self._ops.constant(np.array(values, np.int64))
