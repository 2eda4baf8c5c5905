"""Reads a printed sheet as somebody does who opens it and copies everything out of it."""

import re
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
FONT_NAMES = re.compile(rb"/(f\d+) (\d+) 0 R")
TO_UNICODE = re.compile(rb"/ToUnicode (\d+) 0 R")
ONE_GLYPH = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]+)>$", re.IGNORECASE | re.MULTILINE)
# In a content stream: a piece of text begins or ends, a font is chosen, a string begins. Strings outside of pieces say
# something about them, as in which language they are.
TOKEN = re.compile(rb"\b(BT|ET)\b|/(f\d+) [\d.]+ Tf|(\()")
ESCAPED = {ord("n"): 10, ord("r"): 13, ord("t"): 9, ord("b"): 8, ord("f"): 12}


def is_tagged(pdf: bytes) -> bool:
    """Whether a screen reader can follow it."""
    return b"/StructTreeRoot" in pdf and b"/MarkInfo<</Marked true" in pdf


def pieces_of(pdf: bytes) -> list[str]:
    """Every line and cell of it, in the order it was set."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    letters = {
        name: _letters(_unpacked(objects[int(map_of[1])]))
        for body in objects.values()
        for name, number in FONT_NAMES.findall(body)
        if (map_of := TO_UNICODE.search(objects[int(number)]))
    }
    found: list[str] = []
    for body in objects.values():
        if STREAM.search(body) and b" Tf" in (content := _unpacked(body)):
            found += _pieces(content, letters)
    assert found, "a sheet with nothing on it"
    return found


def _pieces(content: bytes, letters: dict[bytes, dict[int, str]]) -> list[str]:
    found, said, font, at, inside = [], "", b"", 0, False
    while token := TOKEN.search(content, at):
        edge, name, string = token.groups()
        at = token.end()
        if edge == b"BT":
            said, inside = "", True
        elif edge:
            found.append(" ".join(said.split()))
            inside = False
        elif name:
            font = name
        elif string:
            glyphs, at = _string(content, at)
            pairs = zip(glyphs[::2], glyphs[1::2], strict=True) if inside else ()
            said += "".join(letters[font][high << 8 | low] for high, low in pairs)
    return found


def _string(content: bytes, at: int) -> tuple[bytes, int]:
    """The bytes of the string that begins here, and where it has ended. Brackets within it come in pairs or escaped."""
    found, depth = bytearray(), 1
    while True:
        byte = content[at]
        at += 1
        if byte == ord("\\"):
            if octal := re.compile(rb"[0-7]{1,3}").match(content, at):
                found.append(int(octal[0], 8))
                at = octal.end()
            else:
                found.append(ESCAPED.get(content[at], content[at]))
                at += 1
            continue
        depth += (byte == ord("(")) - (byte == ord(")"))
        if depth == 0:
            return bytes(found), at
        found.append(byte)


def _letters(character_map: bytes) -> dict[int, str]:
    return {
        int(glyph, 16): bytes.fromhex(said.decode()).decode("utf-16-be")
        for glyph, said in ONE_GLYPH.findall(character_map)
    }


def _unpacked(body: bytes) -> bytes:
    stream = STREAM.search(body)
    if stream is None:
        return b""
    return zlib.decompress(stream[1]) if b"/FlateDecode" in body[: stream.start()] else stream[1]
