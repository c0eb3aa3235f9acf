"""The reader network: a crop of one plate in, its characters and its country out.

Two rows of features, one above the other, are read one after the other by CTC, so that a plate of
one line and a plate of two lines are the same task. The first row alone holds a plate of one line.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 the name everyone knows

from training.outputs import ALPHABET, COLUMNS, COUNTRIES, ROWS

_FIFTHS = 5
"""Parts from left to right whose colours tell the country: a band is in the first or last."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Channels of the three stages and of the rows."""

    stem: int = 32
    first: int = 48
    second: int = 96
    rows: int = 144


class Reader(nn.Module):
    """N x 3 x 40 x 160 (BGR, 0 to 1) to N x 80 x 45 log-probabilities and N x 38 country logits."""

    def __init__(self, sizes: Sizes = Sizes()) -> None:
        super().__init__()
        self.seen = nn.Sequential(
            _conv(3, sizes.stem, 2),
            _conv(sizes.stem, sizes.first, 2),
            Residual(sizes.first),
            _conv(sizes.first, sizes.second, (2, 1)),
            Residual(sizes.second),
            Residual(sizes.second),
        )
        self.split = _conv(sizes.second, sizes.rows, (2, 1), padding=(0, 1))
        self.mixed = nn.Sequential(Mixing(sizes.rows), Mixing(sizes.rows))
        self.context = Context(sizes.rows)
        self.characters = nn.Linear(sizes.rows, len(ALPHABET) + 1)
        self.country = nn.Sequential(
            nn.Linear(_FIFTHS * sizes.second + 2 * sizes.rows, 192),
            nn.ReLU(),
            nn.Linear(192, len(COUNTRIES)),
        )

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        """Log-probabilities of the characters, and logits of the countries."""
        seen = self.seen((crops - 0.45) * 4)
        rows = self.mixed(self.split(seen))
        places = self.context(rows.flatten(2).transpose(1, 2))
        fifths = F.avg_pool2d(seen, (seen.shape[2], COLUMNS // _FIFTHS)).flatten(1)
        country = self.country(torch.cat([fifths, places.mean(1), places.amax(1)], 1))
        return F.log_softmax(self.characters(places), 2), country


class Residual(nn.Module):
    """Two convolutions beside a straight way."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _conv(channels, channels)
        self.second = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Same shape."""
        return F.relu(x + self.second(self.first(x)))


class Mixing(nn.Module):
    """Each place looks three places to either side and at the other row."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.around = nn.Conv2d(channels, channels, (3, 7), padding=(1, 3), groups=channels)
        self.norm = nn.BatchNorm2d(channels)
        self.wide = nn.Conv2d(channels, 2 * channels, 1)
        self.narrow = nn.Conv2d(2 * channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Same shape."""
        mixed: Tensor = x + self.narrow(F.relu(self.wide(self.norm(self.around(x)))))
        return mixed


class Context(nn.Module):
    """Each place looks at all others: the rest of the text tells O from 0."""

    def __init__(self, channels: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.place = nn.Parameter(torch.randn(ROWS * COLUMNS, channels) * 0.02)
        self.norm = nn.LayerNorm(channels)
        self.asked = nn.Linear(channels, 3 * channels)
        self.told = nn.Linear(channels, channels)
        self.last = nn.LayerNorm(channels)
        nn.init.zeros_(self.told.weight)
        nn.init.zeros_(self.told.bias)

    def forward(self, x: Tensor) -> Tensor:
        """N x places x channels, same shape."""
        places, channels = x.shape[1], x.shape[2]
        asked = self.asked(self.norm(x + self.place))
        q, k, v = asked.reshape(-1, places, 3, self.heads, channels // self.heads).unbind(2)
        weights = torch.einsum("nqhc,nkhc->nhqk", q, k) * (channels // self.heads) ** -0.5
        heard = torch.einsum("nhqk,nkhc->nqhc", weights.softmax(3), v)
        told: Tensor = self.last(x + self.told(heard.reshape(-1, places, channels)))
        return told


def _conv(
    inputs: int,
    outputs: int,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 1,
) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, padding, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )
