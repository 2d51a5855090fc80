"""SVG: well-formed, without scripts, fetching nothing from elsewhere, not growing without end."""

import re
from collections.abc import Mapping
from pathlib import Path
from xml.parsers import expat

from media.inspection import endings
from media.inspection.findings import Findings, Limits
from media.verdicts import RefusedError, Rejection

RUNNING = frozenset({"script", "handler", "listener", "iframe", "object", "embed", "applet"})
FETCHING = frozenset({"href", "src", "srcset", "action", "formaction", "poster"})
FOREIGN = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)")
EMBEDDED = re.compile(r"^data:(?:image/|font/|application/(?:x-)?font)")
SCRIPTED = re.compile(r"^(?:javascript|vbscript|livescript):|^data:(?:text|application)/(?:html|xml|xhtml|javascript|ecmascript)")
STYLE_FROM_ELSEWHERE = re.compile(r"@import|url\(\s*['\"]?\s*(?:[a-z]+://|//|javascript:|file:)", re.IGNORECASE)
LONGEST_ENTITY = 1024  # characters; drawing programs abbreviate addresses of namespaces
LONGEST_SCHEME = 200  # characters; the rest of an embedded picture need not be looked at
CUT_OFF = {
    expat.errors.codes[text]
    for text in (expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN, expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION)
}


def look(_content_type: str, source: Path, _limits: Limits, _findings: Findings) -> None:
    if endings.holds_zip(source):
        raise RefusedError(Rejection.TWO_IN_ONE)
    reader = _Reader()
    try:
        with source.open("rb") as file:
            reader.parser.ParseFile(file)
    except expat.ExpatError as error:
        raise RefusedError(Rejection.TRUNCATED if error.code in CUT_OFF else Rejection.DAMAGED) from error
    except ValueError as error:  # an encoding that expat cannot read
        raise RefusedError(Rejection.DAMAGED) from error


class _Reader:
    """Listens to the parser and refuses at the first thing that is not a drawing. Prefixes do not matter: only local names are compared."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.EntityDeclHandler = self.entity
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.ProcessingInstructionHandler = self.instruction
        self.style: list[str] | None = None

    def entity(self, _name: str, _parameter: bool, value: str | None, *_where: str | None) -> None:
        if value is None:
            raise RefusedError(Rejection.SCRIPT)
        if "&" in value or "%" in value or len(value) > LONGEST_ENTITY:
            raise RefusedError(Rejection.BOMB)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        element = _local(name)
        if element in RUNNING:
            raise RefusedError(Rejection.SCRIPT)
        if element == "style":
            self.style = []
        for attribute, value in attributes.items():
            if _is_harmful(element, _local(attribute), value):
                raise RefusedError(Rejection.SCRIPT)

    def end(self, name: str) -> None:
        if _local(name) == "style":
            if STYLE_FROM_ELSEWHERE.search("".join(self.style or [])):
                raise RefusedError(Rejection.SCRIPT)
            self.style = None

    def text(self, words: str) -> None:
        if self.style is not None:
            self.style.append(words)

    def instruction(self, target: str, _data: str) -> None:
        if target == "xml-stylesheet":
            raise RefusedError(Rejection.SCRIPT)


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _is_harmful(element: str, attribute: str, value: str) -> bool:
    """Return whether an attribute runs something, or fetches from elsewhere; links that a reader may follow do neither."""
    plain = re.sub(r"[\x00-\x20]", "", value.lstrip()[:LONGEST_SCHEME]).lower()
    if attribute.startswith("on") or SCRIPTED.match(plain) or STYLE_FROM_ELSEWHERE.search(value):
        return True
    return attribute in FETCHING and element != "a" and bool(FOREIGN.match(plain)) and not EMBEDDED.match(plain)
