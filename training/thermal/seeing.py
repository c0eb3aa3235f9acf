"""A network in training, asked as the product asks its exported form."""

import torch

from morina.sense.aerial.seeing.peaks import Seen, seen_in
from morina.sense.aerial.seeing.thermal import LEAST, fitted
from training.thermal.frames import Picture
from training.thermal.network import MULTIPLE, Thermal, sure
from training.thermal.targets import STRIDE


@torch.no_grad()
def seen_by(network: Thermal, picture: Picture) -> Seen:
    """What it sees in a frame 640 wide, in its pixels."""
    asked = torch.from_numpy(fitted(picture, MULTIPLE)[0])
    with torch.autocast("cpu", torch.bfloat16):
        features = network.see(asked.to(memory_format=torch.channels_last))
    heat, box, fit = network.say(features.float())
    return seen_in(sure(heat, fit)[0].numpy(), box[0].numpy(), STRIDE, LEAST)
