"""A fresh detector that begins with what Morina's own plate finder has learnt to see.

The finder is shipped as ONNX, its normalisation folded into its convolutions. Here each
normalisation is set so that, on pictures of the new kind, the two layers give what they gave.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from training.thermal.network import Thermal

_NAMED = {
    "to_4.0": "to_8.0",
    "to_4.1": "to_8.1",
    "to_8.0": "to_8.2",
    "to_8.1": "to_8.3",
    "to_16": "to_16",
    "to_32": "to_32",
    "down_16": "down_16",
    "keep_16": "keep_16",
    "down_8": "down_8",
}
"""Layers of the detector and where the finder has them."""


@torch.no_grad()
def begin(network: Thermal, finder: Path, pictures: Tensor) -> None:
    """Take over the finder's layers; ``pictures`` are some of those to be learnt from."""
    told = {
        one.name: torch.from_numpy(numpy_helper.to_array(one).copy())
        for one in onnx.load(finder).graph.initializer
    }
    taken = [_take(*pair, told) for pair in _pairs(network)]
    hooks = [layer.register_forward_hook(_settle) for layer in taken]
    network.eval()
    network(pictures)
    network.train()
    for hook in hooks:
        hook.remove()


def _pairs(network: Thermal) -> Iterator[tuple[str, nn.Conv2d, nn.BatchNorm2d]]:
    """Name in the finder, convolution, and the normalisation that follows it."""
    modules = dict(network.named_modules())
    for mine, theirs in _NAMED.items():
        for name, layer in modules.items():
            if isinstance(layer, nn.Conv2d) and f"{name}.".startswith(f"{mine}."):
                after = cast(nn.BatchNorm2d, modules[f"{name.rpartition('.')[0]}.1"])
                yield f"finder.{theirs}{name.removeprefix(mine)}", layer, after


def _take(
    name: str, layer: nn.Conv2d, after: nn.BatchNorm2d, told: dict[str, Tensor]
) -> nn.BatchNorm2d:
    weight = told[f"{name}.weight"]
    layer.weight.copy_(weight if layer.in_channels > 1 else weight.sum(1, keepdim=True))
    after.weight.fill_(1)
    after.bias.copy_(told[f"{name}.weight_bias"])
    after.running_mean.zero_()
    after.running_var.fill_(1)
    return after


def _settle(layer: nn.BatchNorm2d, given: tuple[Tensor], _: Tensor) -> None:
    """Normalise as training will, and give what was given before."""
    mean, spread = given[0].mean((0, 2, 3)), given[0].var((0, 2, 3)).clamp(min=1e-6)
    layer.running_mean.copy_(mean)
    layer.running_var.copy_(spread)
    layer.weight.copy_(spread.sqrt())
    layer.bias.add_(mean)
