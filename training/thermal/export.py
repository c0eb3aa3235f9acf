"""Write trained weights as ONNX: ``training.thermal.export --weights FILE [FILE] --out FILE``.

Of several files, of the ends of runs that followed one another, the mean is written: it lies in the
middle of what each run came to and is a little better on frames none has seen (Izmailov and others,
2018).
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from training.thermal.network import Thermal, export


def mean(every: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Of weights of one network; counts are those of the first."""
    return {
        name: torch.stack([one[name] for one in every]).mean(0)
        if first.is_floating_point()
        else first
        for name, first in every[0].items()
    }


def main() -> None:
    """Export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    network = Thermal()
    network.load_state_dict(mean([torch.load(it, weights_only=True) for it in given.weights]))
    export(network, given.out)


if __name__ == "__main__":
    main()
