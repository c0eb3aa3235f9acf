"""Tiny networks with the inputs and outputs of real ones, which say what a test tells them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = [helper.make_opsetid("", 18)]


def constant(name: str, value: np.ndarray) -> onnx.NodeProto:
    """A node that says ``value`` whatever it is asked."""
    return helper.make_node("Constant", [], [name], value=numpy_helper.from_array(value))


def save(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    inputs: Mapping[str, tuple[int, Sequence[int | str]]],
    outputs: Mapping[str, int],
    told: Mapping[str, object] | None = None,
) -> None:
    """Write a network; ``inputs`` are element type and shape, ``outputs`` the dimensions."""
    graph = helper.make_graph(
        nodes,
        "stand-in",
        [helper.make_tensor_value_info(name, *what) for name, what in inputs.items()],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [f"{name}{i}" for i in range(n)])
            for name, n in outputs.items()
        ],
    )
    model = helper.make_model(graph, opset_imports=OPSET, ir_version=10)
    if told is not None:
        helper.set_model_props(model, {"morina": json.dumps(told)})
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def finder(path: Path, plates: Mapping[tuple[int, int], float], size: tuple[int, int]) -> None:
    """A finder that sees plates of 64 x 16 at cells (row, column) of a picture of ``size``."""
    rows, columns = size[0] // 8, size[1] // 8
    heat = np.zeros((1, 1, rows, columns), np.float32)
    for cell, sureness in plates.items():
        heat[0, 0, *cell] = sureness
    box = np.array([32, 8, 32, 8], np.float32)
    corners = np.array([-32, -8, 32, -8, 32, 8, -32, 8], np.float32)
    save(
        path,
        [
            constant("heat", heat),
            constant("box", np.tile(box[None, :, None, None], (1, 1, rows, columns))),
            constant("corners", np.tile(corners[None, :, None, None], (1, 1, rows, columns))),
        ],
        {"picture": (TensorProto.FLOAT, (1, 3, "h", "w"))},
        {"heat": 4, "box": 4, "corners": 4},
        {"stride": 8, "longer_side": size[1], "threshold": 0.3},
    )


def reader(path: Path, text: str, country: str, decoder: str = "ctc") -> None:
    """A reader to which every light crop says ``text`` of ``country`` and a dark one nothing."""
    alphabet, countries = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", ["", "GB", "AL", "XK"]
    said = np.zeros((1, len(text) + 1, len(alphabet) + 1), np.float32)
    said[0, -1, 0] = 20
    nothing = np.zeros_like(said)
    nothing[:, :, 0] = 20
    for place, character in enumerate(text):
        said[0, place, alphabet.index(character) + 1] = 20
    looks = np.array([[20 * (one == country) for one in countries]], np.float32)
    save(
        path,
        [
            constant("said", said),
            constant("nothing", nothing),
            constant("looks", looks),
            constant("half", np.array(0.5, np.float32)),
            constant("axes", np.array([2, 3])),
            constant("channel", np.array([1])),
            helper.make_node("ReduceMean", ["crops", "axes"], ["grey"], keepdims=0),
            helper.make_node("ReduceMean", ["grey", "channel"], ["mean"], keepdims=1),
            helper.make_node("Greater", ["mean", "half"], ["light"]),
            helper.make_node("Unsqueeze", ["light", "channel"], ["light3"]),
            helper.make_node("Where", ["light3", "said", "nothing"], ["characters"]),
            helper.make_node("Where", ["light", "looks", "looks"], ["country"]),
        ],
        {"crops": (TensorProto.FLOAT, ("n", 3, 40, 160))},
        {"characters": 3, "country": 2},
        {
            "height": 40, "width": 160, "alphabet": alphabet, "decoder": decoder, "blank": 0,
            "countries": countries, "temperature": 1.0,
        },
    )  # fmt: skip


def fast_alpr(folder: Path, text: str, region: str, box: tuple[int, int, int, int]) -> None:
    """The three files fast-alpr needs, which see one plate in ``box`` of a 416 x 416 picture."""
    alphabet, regions = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_", [region, "Unknown"]
    said = np.full((1, 10, len(alphabet)), 0.001, np.float32)
    for place, character in enumerate(text.ljust(10, "_")):
        said[0, place, alphabet.index(character)] = 0.9
    save(
        folder / "finder.onnx",
        [constant("output0", np.array([[0, *box, 0, 0.8], [0, *box, 0, 0.1]], np.float32))],
        {"images": (TensorProto.FLOAT, (1, 3, 416, 416))},
        {"output0": 2},
    )
    save(
        folder / "reader.onnx",
        [constant("plate", said), constant("region", np.array([[0.8, 0.2]], np.float32))],
        {"input": (TensorProto.UINT8, ("n", 64, 128, 3))},
        {"plate": 3, "region": 2},
    )
    (folder / "reader.yaml").write_text(
        f"max_plate_slots: 10\nalphabet: '{alphabet}'\npad_char: '_'\nimg_height: 64\n"
        f"img_width: 128\nimage_color_mode: rgb\nplate_regions: {json.dumps(regions)}\n"
    )
