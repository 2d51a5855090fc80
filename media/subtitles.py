"""Subtitles in SubRip and WebVTT, read and written as WebVTT, which is what browsers show. Runs in the process of media.decoding."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

CUE_TIMES = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})\s*-->\s*(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})(.*)")
CUE_SETTINGS = re.compile(r"(?:vertical|line|position|size|align):[\w.,%-]+")
CUE_MARKUP = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
KEPT_MARKUP = re.compile(r"</?[biu]>|</?v(?:[ .][^<>&]*)?>")


@dataclass(frozen=True, slots=True)
class Cue:
    """A subtitle: from when to when (as WebVTT writes it, settings behind), and its lines."""

    times: str
    lines: tuple[str, ...]

    @property
    def words(self) -> str:
        return " ".join(CUE_MARKUP.sub("", line) for line in self.lines)


def cues_of(text: str) -> list[Cue]:
    """Return the subtitles of a text in SubRip or WebVTT; none where it is something else. Styles and notes are left out."""
    cues = []
    for block in re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.strip().split("\n")
        place = next((number for number, line in enumerate(lines[:2]) if CUE_TIMES.match(line.strip())), None)
        times = CUE_TIMES.match(lines[place].strip()) if place is not None else None
        if times and place is not None:
            cues.append(Cue(_times(times), tuple(line.strip() for line in lines[place + 1 :] if line.strip())))
    return cues


def _times(match: re.Match[str]) -> str:
    """Return the line of times as WebVTT wants it: hours of two digits or more, thousandths after a point."""
    parts = match.groups(default="0")
    start, end = (f"{parts[at].zfill(2)}:{parts[at + 1].zfill(2)}:{parts[at + 2]}.{parts[at + 3].ljust(3, '0')}" for at in (0, 4))
    return " ".join([start, "-->", end, *CUE_SETTINGS.findall(parts[8])])


def as_webvtt(cues: Iterable[Cue]) -> str:
    """Return subtitles as WebVTT (W3C), with nothing in them but text, emphasis and voices."""
    blocks = [f"{cue.times}\n" + "\n".join(_payload(line) for line in cue.lines) for cue in cues]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def _payload(line: str) -> str:
    kept = [markup if KEPT_MARKUP.fullmatch(markup) else "" for markup in CUE_MARKUP.findall(line)]
    texts = [text.replace("-->", "→").replace("<", "&lt;") for text in CUE_MARKUP.split(line)]
    return "".join(text + markup for text, markup in zip(texts, [*kept, ""], strict=True))
