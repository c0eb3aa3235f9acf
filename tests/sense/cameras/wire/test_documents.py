"""XML and JSON, addresses, images and boxes."""

import pytest

from morina.sense.cameras.reports import PayloadError
from morina.sense.cameras.wire import boxes, images, safe_json, urls
from morina.sense.cameras.wire.safe_xml import attribute, text_at, tree_of

XXE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
LAUGHS = b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>'


def test_names_are_without_namespace() -> None:
    tree = tree_of(
        b'\xef\xbb\xbf<?xml version="1.0"?><e xmlns="u:v" xmlns:t="u:t">'
        b'<t:p t:k=" v ">A1 </t:p><q/></e>\0\0'
    )
    assert text_at(tree, "p") == "A1"
    assert text_at(tree, "q") is text_at(tree, "missing/q") is None
    assert attribute(tree[0], "k") == "v"
    assert attribute(tree[0], "none") is None


@pytest.mark.parametrize(
    "payload",
    [
        XXE, LAUGHS, b'<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><a/>', b"", b"<a>", b"not XML",
        b"<a>" * 100 + b"</a>" * 100, b"<a>" + b"<b/>" * 30_000 + b"</a>", b"<a>" * 1_000_000,
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        b'<?xml version="1.0" encoding="utf-7"?><a/>',
        b"<a>&#0;</a>", b"<a>\xff</a>", b'<?xml version="1.0" encoding="GB2312"?><a>\xc4</a>',
    ],
)  # fmt: skip
def test_hostile_or_broken_xml_is_refused(payload: bytes) -> None:
    with pytest.raises(PayloadError):
        tree_of(payload)


def test_values_are_found_by_path() -> None:
    obj = safe_json.object_of(
        b'\xef\xbb\xbf{"a": {"Vehicle Brand": " Skoda ", "n": "47", "l": [{"x": 7}]}}\0'
    )
    assert safe_json.string_at(obj, "a.Vehicle Brand") == "Skoda"
    assert safe_json.string_at(obj, "a.l.0.x") == "7"
    assert safe_json.number_at(obj, "a.n") == 47
    assert safe_json.objects_at(obj, "a.l") == [{"x": 7}]
    assert safe_json.string_at(obj, "b.c.d") is safe_json.number_at(obj, "a.l.9.x") is None
    assert safe_json.list_at(obj, "z") == []
    assert safe_json.object_at(obj, "a.l.0") == {"x": 7}


@pytest.mark.parametrize(
    ("find", "path"),
    [
        (safe_json.string_at, "o"), (safe_json.string_at, "yes"), (safe_json.number_at, "s"),
        (safe_json.number_at, "yes"), (safe_json.number_at, "huge"), (safe_json.number_at, "nan"),
        (safe_json.object_at, "l"), (safe_json.list_at, "o"), (safe_json.objects_at, "l"),
        (safe_json.string_at, "huge"), (safe_json.string_at, "s.deeper"),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused_with_its_path(find, path: str) -> None:
    obj = safe_json.object_of(
        b'{"o": {}, "s": "text", "yes": true, "l": [1], "nan": "nan", "huge": 1' + b"0" * 400 + b"}"
    )
    with pytest.raises(PayloadError, match=path.split(".")[0]):
        find(obj, path)


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"{", b"[]", b'"a"', b"\xff", b'{"a": NaN}', b'{"a": -Infinity}', b"[" * 1_000_000,
        b'{"a":' * 40 + b"1" + b"}" * 40, b'{"a": ' + b"9" * 5000 + b"}", b"<a/>",
    ],
)  # fmt: skip
def test_hostile_or_broken_json_is_refused(payload: bytes) -> None:
    with pytest.raises(PayloadError):
        safe_json.object_of(payload)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("rtsp://admin:s3cret@192.0.2.1:554/a/b", "rtsp://192.0.2.1:554/a/b"),
        ("rtsp://admin:s3/c@ret@192.0.2.1/a", "rtsp://192.0.2.1/a"),
        ("admin:s3cret@192.0.2.1/a", "192.0.2.1/a"),
        ("http://h/a?user=x&pwd=s3cret&channel=1#s3cret", "http://h/a?channel=1"),
        ("http://h/a?next=http://u:s3cret@k/", "http://k/"),
        ("http://[/s3?k=s3cret", "http://[/s3"),
        ("/media/a.mp4", "/media/a.mp4"),
        ("", ""),
    ],
)
def test_no_password_is_left_in_an_address(url: str, kept: str) -> None:
    assert urls.without_password(url) == kept


def test_images_from_base64() -> None:
    assert images.base64_of("data:image/jpeg;base64,/9j/\r\n4AA=") == b"\xff\xd8\xff\xe0\x00"
    assert images.base64_of("/9j/4AA") == b"\xff\xd8\xff\xe0\x00"
    assert images.base64_of("") == b""
    for text in ("/9j/4", "čć", "!!!!", "A" * 400):
        with pytest.raises(PayloadError, match="image"):
            images.base64_of(text, longest=100)
    assert images.sent("patch", "p", b"\0\0") == images.sent("patch", "p", None) == ()
    assert images.sent("patch", "p", b"\xff")[0].kind == "patch"


def test_boxes() -> None:
    assert boxes.sized([1, 2, 3, 4]) == boxes.cornered([1, 2, 4, 6]) == (1, 2, 3, 4)
    for odd in ([], [1, 2, 3], [1, 2, 0, 4], [-1, 2, 3, 4], [1, None, 3, 4], [1, 2, 1e9, 4]):
        assert boxes.sized(odd) is None
    assert boxes.cornered([10, 10, 5, 20]) is boxes.cornered([1, 2, None, 4]) is None
