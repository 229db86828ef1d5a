"""XML that every reader takes: ASCII only, so that the encoding of the stream cannot matter, and no character that XML 1.0 forbids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def child(parent: etree._Element, tag: str, attributes: Mapping[str, str | int], text: str = "") -> etree._Element:
    """A new element within another, with its attributes and text."""
    made = etree.SubElement(parent, tag, {name: _legal(str(value)) for name, value in attributes.items()})
    if text:
        made.text = _legal(text)
    return made


def _legal(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


def document(root: etree._Element) -> str:
    """The document, with its declaration; without the last line end."""
    etree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + etree.tostring(root, encoding="us-ascii").decode("ascii")
