"""What is asked of a text as conditions on a column of texts, and on the key of reads."""

from morina.plates import skeleton
from morina.records.adapters.sql_scope import Condition
from morina.records.patterns import ANY, ONE
from morina.records.texts import (
    AnyText,
    Exact,
    LookAlikes,
    Near,
    Partial,
    TextQuestion,
    Wildcard,
)


def by_key(text: TextQuestion) -> Condition | None:
    """Of reads and of texts, where the question names a stretch of their key; else None."""
    match text:
        case Exact(plate):
            return of_texts([plate])
        case LookAlikes(plate):
            return Condition("skeleton = {skeleton:String}", {"skeleton": skeleton(plate)})
        case Near():
            return of_texts(sorted({*text.texts()}))
    return None


def of_texts(texts: list[str]) -> Condition:
    """Of reads, those of these texts, by both columns of their key."""
    sql = "skeleton IN {skeletons:Array(String)} AND plate IN {plates:Array(String)}"
    return Condition(sql, {"skeletons": sorted(set(map(skeleton, texts))), "plates": sorted(texts)})


def matching(text: TextQuestion) -> Condition:
    """Of a table with a column ``plate``, the texts that match."""
    match text:
        case Wildcard():
            return _like(text)
        case Partial():
            return _holding(text)
        case AnyText():
            return Condition("")
    raise TypeError(f"{text!r} is asked by its key")


def of_reads_matching(text: TextQuestion) -> Condition:
    """The same of reads and of texts, with what helps their key."""
    if isinstance(text, Wildcard) and text.beginning:
        begins = {"skeleton_begins": skeleton(text.beginning)}
        return Condition("startsWith(skeleton, {skeleton_begins:String})", begins) & matching(text)
    return matching(text)


def _like(text: Wildcard) -> Condition:
    """The fixed stretches first: nearly all texts fall there, at little cost."""
    found = Condition("")
    if text.beginning:
        sql = "startsWith(plate, {beginning:String})"
        found = Condition(sql, {"beginning": text.beginning})
    for number, run in enumerate(text.runs):
        found &= Condition(f"position(plate, {{run{number}:String}}) > 0", {f"run{number}": run})
    pattern = text.pattern.replace(ONE, "_").replace(ANY, "%")
    return found & Condition("plate LIKE {like:String}", {"like": pattern})


def _holding(text: Partial) -> Condition:
    found = Condition("")
    for number, character in enumerate(sorted(set(text.characters))):
        name, times = f"known{number}", text.characters.count(character)
        sql = f"countSubstrings(plate, {{{name}:String}}) >= {times}"
        if times == 1:
            sql = f"position(plate, {{{name}:String}}) > 0"
        found &= Condition(sql, {name: character})
    if text.length:
        found &= Condition("lengthUTF8(plate) = {length:UInt8}", {"length": text.length})
    return found
