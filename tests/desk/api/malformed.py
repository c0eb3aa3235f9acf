"""Makes malformed uploads and hotlists, every one wrong in a known way, from a seeded random."""

import gzip
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from random import Random

from morina.watch import FIELD_NAMES

FORM = "multipart/form-data; boundary=b0undary"
LINE = b"\r\n"
BAD_UTF8 = (b"\xff", b"\xc3(", b"\xe2\x82", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\x80")


@dataclass(frozen=True)
class Sent:
    """One request body, and in words what is wrong with it."""

    wrong: str
    body: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": FORM})


def part(name: str, content: bytes, file_name: str = "") -> bytes:
    """One part of a form, after its boundary."""
    named = f'; filename="{file_name}"' if file_name else ""
    head = f'Content-Disposition: form-data; name="{name}"{named}'
    return b"--b0undary" + LINE + head.encode() + LINE + LINE + content + LINE


def form(*parts: bytes) -> bytes:
    """A whole form."""
    return b"".join(parts) + b"--b0undary--" + LINE


class Uploads:
    """Malformed captures."""

    def __init__(self, random: Random, pictures: tuple[bytes, ...], fields: dict[str, str]) -> None:
        self.random = random
        self.pictures = pictures
        self.fields = {name: value.encode() for name, value in fields.items()}

    def sent(self, number: int) -> Sent:
        """The upload of this number; numbers go round all ways of being wrong."""
        ways: tuple[Callable[[], Sent], ...] = (
            self.wrong_type, self.truncated, self.broken_inside, self.too_many_pixels,
            self.too_many_bytes, self.text_bomb, self.compressed, self.bad_utf8, self.bad_field,
            self.missing_field, self.unknown_part, self.twice, self.cut_form, self.wrong_boundary,
            self.no_form, self.odd_part_head,
        )  # fmt: skip
        return ways[number % len(ways)]()

    def capture(self, picture: bytes, name: str = "a.jpg", **fields: bytes) -> bytes:
        """A form with the usual fields, some of them changed."""
        parts = [part(key, value) for key, value in (self.fields | fields).items()]
        return form(*parts, part("image", picture, name))

    def picture(self) -> bytes:
        return self.random.choice(self.pictures)

    def wrong_type(self) -> Sent:
        starts = (
            b"GIF89a",
            b"%PDF-1.7",
            b"PK\x03\x04",
            b"MZ",
            b"<svg/>",
            b"RIFF....AVI ",
            b"BM",
            b"",
        )
        content = self.random.choice(starts) + self.random.randbytes(self.random.randrange(2000))
        return Sent("no picture", self.capture(content if content else b"x"))

    def truncated(self) -> Sent:
        whole = self.picture()
        return Sent("cut picture", self.capture(whole[: self.random.randrange(len(whole) - 2)]))

    def broken_inside(self) -> Sent:
        png = bytearray(next(one for one in self.pictures if one.startswith(b"\x89PNG")))
        start = png.index(b"IDAT") + 8
        png[start : start + 40] = self.random.randbytes(40)
        return Sent("pixels broken", self.capture(bytes(png)))

    def too_many_pixels(self) -> Sent:
        side = self.random.randrange(2_000, 60_000)
        return Sent("pixel bomb", self.capture(png_of(side, side, zlib.compress(b"\0" * 1000))))

    def too_many_bytes(self) -> Sent:
        return Sent("too large", self.capture(self.picture() + bytes(2_100_000)))

    def text_bomb(self) -> Sent:
        bomb = b"note\0\0" + zlib.compress(bytes(20_000_000), 1)
        return Sent(
            "text bomb", self.capture(png_of(8, 8, zlib.compress(bytes(72)), (b"zTXt", bomb)))
        )

    def compressed(self) -> Sent:
        coding = self.random.choice(("gzip", "br", "deflate", "zstd", "gzip, gzip"))
        body = gzip.compress(self.capture(self.picture()))
        return Sent("compressed", body, {"Content-Type": FORM, "Content-Encoding": coding})

    def bad_utf8(self) -> Sent:
        name = self.random.choice([*self.fields])
        bad = b"north" + self.random.choice(BAD_UTF8)
        return Sent(f"{name} not UTF-8", self.capture(self.picture(), **{name: bad}))

    def bad_field(self) -> Sent:
        name, value = self.random.choice(
            [
                ("camera_id", b"no-such"), ("camera_id", b"north-1\0"), ("camera_id", b"x" * 5000),
                ("captured_at", b"noon"), ("captured_at", b"2026-13-01T00:00:00Z"),
                ("captured_at", b"2026-01-01T00:00:00"), ("captured_at", b"1970-01-01T00:00:00Z"),
                ("captured_at", b"9999-12-31T23:59:59-23:59"), ("captured_at", b"-1"),
                ("capture_id", b"7"), ("capture_id", b"'; DROP TABLE camera"),
                ("retransmitted", b"perhaps"),
            ]
        )  # fmt: skip
        return Sent(f"{name} {value[:30]!r}", self.capture(self.picture(), **{name: value}))

    def missing_field(self) -> Sent:
        missing = self.random.choice(["camera_id", "captured_at", "image"])
        parts = [part(key, value) for key, value in self.fields.items() if key != missing]
        if missing != "image":
            parts.append(part("image", self.picture(), "a.jpg"))
        return Sent(f"without {missing}", form(*parts))

    def unknown_part(self) -> Sent:
        name = self.random.choice(["plate", "file", "Image", "../x", "", "\u202e"])
        return Sent(
            f"part {name!r}", self.capture(self.picture()).replace(b"camera_id", name.encode())
        )

    def twice(self) -> Sent:
        name = self.random.choice([*self.fields, "image"])
        return Sent(f"{name} twice", form(part(name, b"1"), part(name, b"1")))

    def cut_form(self) -> Sent:
        whole = self.capture(self.picture())
        return Sent("form cut", whole[: self.random.randrange(len(whole) - 20)])

    def wrong_boundary(self) -> Sent:
        kind = self.random.choice(
            [FORM + "x", "multipart/form-data", FORM + "9" * 300, f"{FORM[:-8]}\0"]
        )
        headers = {"Content-Type": kind}
        return Sent("boundary", self.capture(self.picture()), headers)

    def no_form(self) -> Sent:
        kind = self.random.choice(
            ["image/jpeg", "application/json", "text/plain", "", "x", "multipart/mixed"]
        )
        return Sent(f"type {kind!r}", self.picture(), {"Content-Type": kind})

    def odd_part_head(self) -> Sent:
        head = self.random.choice(
            [b"", b"Content-Disposition: form-data", b"X: " + b"y" * 90_000, b"\xff\xfe: \xff",
             b"Content-Disposition: form-data; name*=utf-8''image", b"no colon", b": :"]
        )  # fmt: skip
        return Sent("part head", b"--b0undary" + LINE + head + LINE * 2 + b"1" + LINE + form())


def png_of(width: int, height: int, pixels: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """A grey PNG that claims this size, whatever ``pixels`` (compressed) hold."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    written = b"\x89PNG\r\n\x1a\n"
    for kind, content in ((b"IHDR", head), *chunks, (b"IDAT", pixels), (b"IEND", b"")):
        check = struct.pack(">I", zlib.crc32(kind + content))
        written += struct.pack(">I", len(content)) + kind + content + check
    return written


class Hotlists:
    """Malformed hotlist files, made from good ones."""

    BAD_CELLS: tuple[tuple[str, str], ...] = (
        ("plate", ""), ("plate", "A?1"), ("plate", "A" * 13), ("plate", "\u202eAB1"),
        ("country", ""), ("country", "QQ"), ("country", "gb"), ("country", "GBR"),
        ("reason_code", "because"), ("subject_category", ""), ("action", "arrest"),
        ("priority", "101"), ("priority", "-1"), ("priority", "1e2"), ("priority", "½"),
        ("owner_unit", ""), ("owner_unit", " "), ("contact_24h", ""), ("legal_basis", ""),
        ("created_by", ""), ("valid_from", "noon"), ("valid_from", "2026-01-01T00:00:00"),
        ("valid_to", "2001-01-01T00:00:00Z"), ("valid_to", ""), ("review_at", "soon"),
        ("review_at", "2026-02-30"), ("review_at", "2001-01-01"), ("review_at", ""),
        ("source_checked_at", "x"), ("make", "=1+1"), ("model", "@SUM(A1)"), ("colour", "x" * 300),
        ("instruction", "a\x00b"), ("instruction", "y" * 3000),
    )  # fmt: skip

    def __init__(self, random: Random, as_csv: bytes, as_json: bytes) -> None:
        self.random = random
        self.csv_lines = as_csv.decode().splitlines()
        self.json_rows = json.loads(as_json)
        self.as_csv, self.as_json = as_csv, as_json

    def sent(self, number: int) -> Sent:
        """The file of this number; numbers go round all ways of being wrong."""
        ways: tuple[Callable[[], Sent], ...] = (
            self.bad_cell, self.bad_value, self.columns, self.row_length, self.twice, self.cut,
            self.not_text, self.no_list, self.deep, self.bomb, self.open_quote, self.huge,
            self.compressed, self.cut_form,
        )  # fmt: skip
        return ways[number % len(ways)]()

    def file(self, wrong: str, content: bytes, name: str = "list.csv") -> Sent:
        return Sent(wrong, form(part("file", content, name)))

    def lines_with(self, row: int, line: str) -> bytes:
        lines = [*self.csv_lines]
        lines[row] = line
        return "\n".join([*lines, ""]).encode()

    def row(self) -> int:
        return self.random.randrange(1, len(self.csv_lines))

    def bad_cell(self) -> Sent:
        name, value = self.random.choice(self.BAD_CELLS)
        row = self.row()
        cells = self.csv_lines[row].split(",")
        cells[FIELD_NAMES.index(name)] = value
        return self.file(f"{name} {value[:20]!r}", self.lines_with(row, ",".join(cells)))

    def bad_value(self) -> Sent:
        rows = [dict(row) for row in self.json_rows]
        name = self.random.choice(["plate", "action", "valid_to", "owner_unit", "review_at"])
        value = self.random.choice([None, [], {}, True, 1.5, 10**400, "", "\ud800", [["x"]]])
        self.random.choice(rows)[name] = value
        return self.file(f"{name} {value!r:.30}", json.dumps(rows).encode(), "list.json")

    def columns(self) -> Sent:
        head = self.csv_lines[0].split(",")
        place = self.random.randrange(len(head))
        head[place] = self.random.choice(["", "Plate", "x", head[place - 1], "\ufeffplate"])
        return self.file("columns", self.lines_with(0, ",".join(head)))

    def row_length(self) -> Sent:
        row = self.row()
        cells = self.csv_lines[row].split(",")
        cells = (
            cells[: self.random.randrange(1, len(cells) - 1)]
            if self.random.random() < 0.5
            else [*cells, "x"]
        )
        return self.file("row length", self.lines_with(row, ",".join(cells)))

    def twice(self) -> Sent:
        return self.file("twice", self.as_csv + self.csv_lines[self.row()].encode() + b"\n")

    def cut(self) -> Sent:
        content = self.as_json.rstrip()[: -self.random.randrange(1, len(self.as_json) // 2)]
        return self.file("cut", content, "list.json")

    def not_text(self) -> Sent:
        place = self.random.randrange(len(self.as_csv))
        bad = self.as_csv[:place] + self.random.choice(BAD_UTF8) + self.as_csv[place:]
        content = self.random.choice(
            [bad, self.as_csv.decode().encode("utf-16"), self.random.randbytes(900)]
        )
        return self.file("not UTF-8", content, self.random.choice(["list.csv", "list.json"]))

    def no_list(self) -> Sent:
        content = self.random.choice(
            [
                b"",
                b"{}",
                b"null",
                b"1",
                b'"x"',
                b"[1]",
                b"[[]]",
                b"[{}]",
                b"NaN",
                b"[NaN]",
                b"\0",
                b'[{"plate": 1}]',
            ]
        )
        return self.file(f"{content!r}", content, "list.json")

    def deep(self) -> Sent:
        levels = self.random.randrange(2_000, 400_000)
        opening = self.random.choice([b"[", b'{"plate":', b'[{"plate":'])
        return self.file("deep", opening * levels, "list.json")

    def bomb(self) -> Sent:
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("list.csv", bytes(5_000_000))
        return self.file(
            "zip bomb",
            packed.getvalue(),
            self.random.choice(["l.csv", "l.json", "l.zip", "l.xlsx"]),
        )

    def open_quote(self) -> Sent:
        row = self.row()
        return self.file("open quote", self.lines_with(row, '"' + self.csv_lines[row]))

    def huge(self) -> Sent:
        return self.file("huge", self.as_csv + b"x" * 2_200_000)

    def compressed(self) -> Sent:
        body = gzip.compress(form(part("file", bytes(9_000_000), "list.csv")))
        return Sent("gzip bomb", body, {"Content-Type": FORM, "Content-Encoding": "gzip"})

    def cut_form(self) -> Sent:
        whole = form(part("file", self.as_csv, "list.csv"))
        return Sent("form cut", whole[: self.random.randrange(len(whole) - 20)])
