"""The finder: one small convolutional network that sees where plates are.

Every eighth pixel of the picture is a cell. A cell says how likely a plate's centre lies in it
(``heat``), how far the plate's sides are from the cell's centre (``box``: left, top, right, bottom)
and where its corners are (``corners``: x, y clockwise from the top left), in pixels of the input.
"""

import json
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.finder_targets import STRIDE

LONGER_SIDE = 640
RARE = -4.0
"""Logit a fresh network says "plate" with, so that the many empty cells do not drown training."""

_UNIT = ((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0))
_LARGEST = 4.5
"""Greatest logarithm of half a side in cells: 90 cells, 720 pixels."""


class Block(nn.Sequential):
    """Convolution without bias, normalisation, ReLU."""

    def __init__(self, inputs: int, outputs: int, size: int = 3, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class Residual(nn.Module):
    """Two convolutions beside a short cut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = Block(width, width)
        self.second = nn.Sequential(
            nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        )

    def forward(self, x: Tensor) -> Tensor:
        """The same shape."""
        return functional.relu(x + self.second(self.first(x)))


class Finder(nn.Module):
    """Pictures (n x 3 x H x W, BGR, 0 to 1, sides multiples of 32) to heat logits, box, corners.

    ``widths`` are the channels at strides 2, 4, 8, 16, 32 and of the head.
    """

    def __init__(self, widths: tuple[int, ...] = (16, 24, 48, 88, 128, 64)) -> None:
        super().__init__()
        a, b, c, d, e, head = widths
        self.to_8 = nn.Sequential(
            Block(3, a, stride=2), Block(a, b, stride=2), Block(b, c, stride=2), Residual(c)
        )
        self.to_16 = nn.Sequential(Block(c, d, stride=2), Residual(d))
        self.to_32 = nn.Sequential(Block(d, e, stride=2), Residual(e), Residual(e))
        self.down_16, self.keep_16 = Block(e, d, 1), Residual(d)
        self.down_8, self.keep_8 = Block(d, c, 1), Block(c, head)
        self.heat, self.box, self.corners = (nn.Conv2d(head, n, 1) for n in (1, 4, 8))
        nn.init.constant_(self.heat.bias, RARE)
        for outputs in (self.box, self.corners):
            nn.init.normal_(outputs.weight, std=0.01)
            nn.init.zeros_(outputs.bias)
        self.register_buffer("unit", torch.tensor(_UNIT), persistent=False)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Heat logits n x 1, box n x 4 and corners n x 8, each x H / 8 x W / 8."""
        return self.say(self.see(picture))

    def see(self, picture: Tensor) -> Tensor:
        """Features of each cell."""
        at_8 = self.to_8(picture)
        at_16 = self.to_16(at_8)
        at_32 = self.down_16(self.to_32(at_16))
        at_16 = self.keep_16(at_16 + functional.interpolate(at_32, scale_factor=2.0))
        return self.keep_8(at_8 + functional.interpolate(self.down_8(at_16), scale_factor=2.0))

    def say(self, seen: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Heat logits, box and corners from features; needs 32 bits, as positions do."""
        shift, half = self.box(seen).chunk(2, 1)
        half = STRIDE * torch.exp(torch.clamp(half + 1.0, max=_LARGEST))
        shift = STRIDE * shift
        rows, columns = seen.shape[2], seen.shape[3]
        bends = self.corners(seen).reshape(-1, 4, 2, rows, columns)
        corners = shift.unsqueeze(1) + (
            self.unit[..., None, None] + bends
        ) * half.detach().unsqueeze(1)
        box = torch.cat([half - shift, half + shift], 1)
        return self.heat(seen), box, corners.reshape(-1, 8, rows, columns)


class _Exported(nn.Module):
    """The finder as it is shipped: heat between 0 and 1, places agreed on by neighbours."""

    def __init__(self, finder: Finder) -> None:
        super().__init__()
        self.finder = finder

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Heat, box, corners."""
        heat, box, corners = self.finder(picture)
        sure = torch.sigmoid(heat)
        return sure, *_agreed(sure, box, corners)


def _agreed(sure: Tensor, box: Tensor, corners: Tensor) -> tuple[Tensor, Tensor]:
    """Box and corners as the mean of what a cell and its neighbours say, the surer the more."""
    weight = sure * sure
    across = STRIDE * torch.arange(sure.shape[3]).float().reshape(1, 1, 1, -1)
    down = STRIDE * torch.arange(sure.shape[2]).float().reshape(1, 1, -1, 1)
    here = torch.cat([across + 0 * sure, down + 0 * sure], 1)
    low, high = here - box[:, :2], here + box[:, 2:]
    places = torch.cat([low, high, corners + here.repeat(1, 4, 1, 1)], 1)
    total = functional.avg_pool2d(weight, 3, 1, 1)
    mean = functional.avg_pool2d(places * weight, 3, 1, 1) / total
    low, high, points = mean.split((2, 2, 8), 1)
    return torch.cat([here - low, high - here], 1), points - here.repeat(1, 4, 1, 1)


def export(finder: Finder, path: Path, threshold: float) -> None:
    """Write the network as ONNX; what a caller must know stands in its ``morina`` metadata."""
    height, width = (torch.export.Dim(name, min=2, max=64) for name in ("rows", "columns"))
    program = torch.onnx.export(
        _Exported(finder).eval(),
        (torch.rand(1, 3, 384, 640),),
        dynamo=True,
        verbose=False,
        input_names=["picture"],
        output_names=["heat", "box", "corners"],
        dynamic_shapes=({2: 32 * height, 3: 32 * width},),
    )
    if program is None:
        raise RuntimeError("the network could not be traced; see what torch.onnx printed")
    model = program.model_proto
    told = {"stride": STRIDE, "longer_side": LONGER_SIDE, "multiple": 32, "threshold": threshold}
    onnx.helper.set_model_props(model, {"morina": json.dumps(told)})
    onnx.save(model, path)
