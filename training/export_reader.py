"""Writes a trained reader as ONNX with everything its user must know inside the file.

python -m training.export_reader --weights RUN/reader.pt --out src/morina/.../reader.onnx
"""

import argparse
import json
from pathlib import Path

import onnx
import torch

from training.outputs import ALPHABET, BLANK, COUNTRIES, HEIGHT, WIDTH
from training.reader import Reader

VERSION = "1"
OPSET = 18


def export(network: Reader, path: Path, temperature: float) -> None:
    """Write ``network``; confidences are to be taken at ``temperature``."""
    network.eval()
    torch.onnx.export(
        network,
        (torch.zeros(2, 3, HEIGHT, WIDTH),),
        str(path),
        input_names=["crops"],
        output_names=["characters", "country"],
        dynamic_shapes={"crops": {0: torch.export.Dim("crops_count")}},
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
    )
    model = onnx.load(str(path))
    onnx.helper.set_model_props(model, {"morina": json.dumps(described(temperature))})
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def described(temperature: float) -> dict[str, object]:
    """What stands in the file's metadata under ``morina``."""
    return {
        "version": VERSION,
        "height": HEIGHT,
        "width": WIDTH,
        "alphabet": ALPHABET,
        "decoder": "ctc",
        "blank": BLANK,
        "countries": list(COUNTRIES),
        "temperature": round(temperature, 4),
    }


def main() -> None:
    """Export."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--temperature", type=float, default=1.0)
    given = parser.parse_args()
    network = Reader()
    network.load_state_dict(torch.load(given.weights, weights_only=True))
    export(network, given.out, given.temperature)


if __name__ == "__main__":
    main()
