"""The thermal detector: one small convolutional network for tiny objects in grey pictures.

Every fourth pixel of the picture is a cell. For each kind a cell says how likely the centre of such
an object lies in it (``heat``) and how far the object's sides are from the cell's centre (``box``:
left, top, right, bottom, in pixels of the input).
"""

from pathlib import Path

import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.finder import Block, Residual
from training.thermal.frames import KINDS
from training.thermal.targets import STRIDE
from training.thermal.telling import tell

MULTIPLE = 32
RARE = -4.6
"""Logit a fresh network says "object" with, so that empty cells do not drown training."""

_FIT = 0.8
"""Logit a fresh network says the fit with: the usual IoU of its boxes."""

_LARGEST = 4.5
"""Greatest logarithm of half a side in cells."""


Answers = tuple[Tensor, Tensor, Tensor]


class Thermal(nn.Module):
    """Pictures (n x 1 x H x W, 0 to 1, sides multiples of 32) to logits of heat, boxes and
    logits of fit.

    ``widths`` are the channels at strides 2, 4, 8, 16, 32 and of the head.
    """

    def __init__(self, widths: tuple[int, ...] = (16, 24, 48, 88, 128, 40)) -> None:
        super().__init__()
        a, b, c, d, e, head = widths
        self.to_4 = nn.Sequential(Block(1, a, stride=2), Block(a, b, stride=2))
        self.to_8 = nn.Sequential(Block(b, c, stride=2), Residual(c))
        self.to_16 = nn.Sequential(Block(c, d, stride=2), Residual(d))
        self.to_32 = nn.Sequential(Block(d, e, stride=2), Residual(e), Residual(e))
        self.down_16, self.keep_16 = Block(e, d, 1), Residual(d)
        self.down_8, self.keep_8 = Block(d, c, 1), Block(c, c)
        self.down_4, self.side_4 = Block(c, head, 1), Block(b, head, 1)
        self.keep_4 = nn.Sequential(Block(head, head), Block(head, head))
        self.heat, self.box = nn.Conv2d(head, len(KINDS), 1), nn.Conv2d(head, 4, 1)
        self.fit = nn.Conv2d(head, 1, 1)
        nn.init.constant_(self.heat.bias, RARE)
        nn.init.normal_(self.fit.weight, std=0.01)
        nn.init.constant_(self.fit.bias, _FIT)
        nn.init.normal_(self.box.weight, std=0.01)
        nn.init.zeros_(self.box.bias)

    def forward(self, picture: Tensor) -> Answers:
        """Heat logits n x kinds, box n x 4, fit logits n x 1, each x H / 4 x W / 4."""
        return self.say(self.see(picture))

    def see(self, picture: Tensor) -> Tensor:
        """Features of each cell."""
        at_4 = self.to_4(picture)
        at_8 = self.to_8(at_4)
        at_16 = self.to_16(at_8)
        at_32 = self.down_16(self.to_32(at_16))
        at_16 = self.keep_16(at_16 + _twice(at_32))
        at_8 = self.keep_8(at_8 + _twice(self.down_8(at_16)))
        return self.keep_4(self.side_4(at_4) + _twice(self.down_4(at_8)))

    def say(self, seen: Tensor) -> Answers:
        """Heat logits, box and fit logits from features; needs 32 bits, as positions do."""
        shift, half = self.box(seen).chunk(2, 1)
        half = STRIDE * torch.exp(torch.clamp(half + 1.0, max=_LARGEST))
        shift = STRIDE * shift
        return self.heat(seen), torch.cat([half - shift, half + shift], 1), self.fit(seen)


def sure(heat: Tensor, fit: Tensor) -> Tensor:
    """What is shipped as ``heat``, 0 to 1, from logits of both."""
    return torch.sigmoid(heat) * torch.sigmoid(fit)


def _twice(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0)


class _Exported(nn.Module):
    """The detector as it is shipped: heat times fit, between 0 and 1."""

    def __init__(self, network: Thermal) -> None:
        super().__init__()
        self.network = network

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """Heat, box."""
        heat, box, fit = self.network(picture)
        return sure(heat, fit), box


def export(network: Thermal, path: Path) -> None:
    """Write the network as ONNX; what a caller must know stands in its ``morina`` metadata."""
    height, width = (torch.export.Dim(name, min=2, max=128) for name in ("rows", "columns"))
    program = torch.onnx.export(
        _Exported(network).eval(),
        (torch.rand(1, 1, 512, 640),),
        dynamo=True,
        verbose=False,
        input_names=["picture"],
        output_names=["heat", "box"],
        dynamic_shapes=({2: MULTIPLE * height, 3: MULTIPLE * width},),
    )
    if program is None:
        raise RuntimeError("the network could not be traced; see what torch.onnx printed")
    onnx.save(program.model_proto, path)
    tell(path, {"stride": STRIDE, "multiple": MULTIPLE, "kinds": list(KINDS)})
