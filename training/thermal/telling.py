"""What a caller must know of a network stands in its file's metadata, under ``morina``."""

import json
from collections.abc import Mapping
from pathlib import Path

import onnx


def tell(path: Path, told: Mapping[str, object]) -> None:
    """Add to it, or put something else in its place."""
    model = onnx.load(path)
    before = {one.key: one.value for one in model.metadata_props}.get("morina", "{}")
    onnx.helper.set_model_props(model, {"morina": json.dumps(json.loads(before) | told)})
    onnx.save(model, path)
