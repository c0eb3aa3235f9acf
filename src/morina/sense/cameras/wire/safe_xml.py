"""XML without entities, schemas and namespaces, of a bounded size."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from morina.sense.cameras.reports import PayloadError
from morina.sense.cameras.wire.texts import LONGEST_FIELD, clean

LONGEST_XML = 32 * 2**20
DEEPEST = 64
MOST_ELEMENTS = 10_000


class _Bounded(TreeBuilder):
    """Builds elements under their local names, and refuses to build too many or too deep."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.elements = 0

    def start(self, tag: str, attrs: Mapping[str, str]) -> Element:
        self.depth += 1
        self.elements += 1
        if self.depth > DEEPEST or self.elements > MOST_ELEMENTS:
            raise PayloadError(
                f"XML of more than {DEEPEST} levels or {MOST_ELEMENTS} elements is not taken"
            )
        return super().start(local(tag), {local(name): value for name, value in attrs.items()})

    def end(self, tag: str) -> Element:
        self.depth -= 1
        return super().end(local(tag))


def local(name: str) -> str:
    """``name`` without its namespace."""
    return name.rpartition("}")[2]


def tree_of(payload: bytes) -> Element:
    """The root element, all names without their namespaces.

    Raises PayloadError for what is not well formed, a document type, an entity, or a document
    beyond LONGEST_XML bytes, DEEPEST levels and MOST_ELEMENTS elements.
    """
    if len(payload) > LONGEST_XML:
        raise PayloadError(f"XML of more than {LONGEST_XML} bytes is not taken")
    parser = XMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        parser.feed(payload.strip(b"\0 \t\r\n"))
        root = parser.close()
    except DefusedXmlException as error:
        raise PayloadError(
            "XML with a document type or entities is not taken; no camera needs them"
        ) from error
    except (ParseError, LookupError, ValueError) as error:
        if isinstance(error, PayloadError):
            raise
        raise PayloadError(f"XML is not well formed ({error}); check the upload format") from error
    if not isinstance(root, Element):
        raise PayloadError("XML without a root element; check the upload format")
    return root


def text_at(tree: Element, path: str, longest: int = LONGEST_FIELD) -> str | None:
    """The text of the first element at ``path`` (such as ``ANPR/licensePlate``).

    None where the element is missing or empty. Raises PayloadError beyond ``longest`` characters.
    """
    return clean(tree.findtext(path) or "", path, longest) or None


def attribute(tree: Element, name: str, longest: int = LONGEST_FIELD) -> str | None:
    """An attribute of ``tree``; None where it is missing or empty, as ``text_at``."""
    return clean(tree.get(name, ""), f"{tree.tag} {name}", longest) or None
