"""A passage as a Dahua camera pushes it, with a picture of its plate."""

import json
from base64 import b64encode
from datetime import datetime
from zoneinfo import ZoneInfo

import cv2
import numpy as np

from morina.demo.plates import render_plate
from morina.plates import Plate


def scene(text: str) -> bytes:
    """A plate on a grey picture."""
    plate = render_plate(Plate(text, "GB")).image
    small = cv2.resize(plate, (240, round(plate.shape[0] * 240 / plate.shape[1])))
    picture = np.full((480, 720, 3), 96, np.uint8)
    picture[240 : 240 + small.shape[0], 240:480] = small
    return cv2.imencode(".jpg", picture)[1].tobytes()


def pushed(text: str, picture: bytes) -> bytes:
    """As a Dahua camera sends it."""
    local = datetime.now(ZoneInfo("Europe/London"))
    said = {
        "Plate": {"IsExist": True, "PlateNumber": text, "Confidence": 204, "Region": "GB"},
        "SnapInfo": {
            "AccurateTime": f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d}",
            "DeviceID": "KENT-1",
        },
        "NormalPic": {"Content": b64encode(picture).decode(), "PicName": "a.jpg"},
    }
    return json.dumps({"Picture": said}).encode()
