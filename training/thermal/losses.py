"""What a training step is told of its mistakes."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from training.thermal.network import Answers

_FIT = 0.5
"""Weight of the fit beside heat."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Pictures n x 1 x H x W, 0 to 1, and targets, each n x ... x h x w (``targets.Targets``)."""

    pictures: Tensor
    heat: Tensor
    care: Tensor
    near: Tensor
    box: Tensor


def losses(answers: Answers, batch: Batch) -> tuple[Tensor, Tensor]:
    """Of heat (penalty-reduced focal loss of CenterNet) with fit (cross entropy with the IoU the
    box has), and of box (GIoU)."""
    logits, box, fit = answers
    at = batch.near > 0
    weight = batch.near[at]
    said, true = (it.permute(0, 2, 3, 1)[at] for it in (box, batch.box))
    giou, iou = _overlap(said, true)
    share = weight / weight.sum().clamp(min=1)
    boxes = ((1 - giou) * share).sum()
    fits = functional.binary_cross_entropy_with_logits(
        fit[:, 0][at], iou.detach(), reduction="none"
    )
    return _heat_loss(logits, batch) + _FIT * (fits * share).sum(), boxes


def _heat_loss(logits: Tensor, batch: Batch) -> Tensor:
    sure = torch.sigmoid(logits).clamp(1e-5, 1 - 1e-5)
    centre = (batch.heat == 1).float()
    care = torch.maximum(batch.care.expand_as(centre), (batch.heat > 0.3).float())
    right = -torch.log(sure) * (1 - sure) ** 2 * centre
    wrong = -torch.log(1 - sure) * sure**2 * (1 - batch.heat) ** 4 * (care - centre)
    return (right.sum() + wrong.sum()) / centre.sum().clamp(min=1)


def _overlap(said: Tensor, true: Tensor) -> tuple[Tensor, Tensor]:
    """Generalised IoU, and IoU, of boxes given as distances of their sides from one point."""
    inner = torch.minimum(said, true)
    outer = torch.maximum(said, true)
    both = (inner[:, 0] + inner[:, 2]).clamp(min=0) * (inner[:, 1] + inner[:, 3]).clamp(min=0)
    areas = [(it[:, 0] + it[:, 2]) * (it[:, 1] + it[:, 3]) for it in (said, true)]
    union = areas[0] + areas[1] - both + 1e-6
    around = (outer[:, 0] + outer[:, 2]) * (outer[:, 1] + outer[:, 3]) + 1e-6
    return both / union - (around - union) / around, both / union
