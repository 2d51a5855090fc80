"""Which subtitles belong to which film, and in which language they are: told by their names, as people name them."""

import re
from collections.abc import Sequence

import langcodes

MARKED = re.compile(r"^.+[._](?P<tag>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)$")
SEPARATORS = " ._-()[]"


def film_of(subtitles: str, films: Sequence[str]) -> str | None:
    """Return the film that subtitles go with: the one whose name theirs begins with, else the only one there is.

    >>> film_of("tide.fr.srt", ["tide.mp4", "moon.mp4"])
    'tide.mp4'
    """
    stem = _stem(subtitles).casefold()
    named = [film for film in films if _begins(stem, _stem(film).casefold())]
    if named:
        return max(named, key=len)
    return films[0] if len(films) == 1 else None


def language_of(subtitles: str, film: str, otherwise: str) -> str:
    """Return the BCP 47 tag that the name of subtitles ends with ("tide.pt-BR.vtt", "tide_fr.srt"), else the one given."""
    stem, film_stem = _stem(subtitles), _stem(film)
    if _begins(stem.casefold(), film_stem.casefold()):
        tag = stem[len(film_stem) :].strip(SEPARATORS)
    else:
        match = MARKED.match(stem)
        tag = match["tag"] if match else ""
    tag = tag.replace("_", "-")
    return langcodes.standardize_tag(tag) if tag and langcodes.tag_is_valid(tag) else otherwise


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _begins(stem: str, film_stem: str) -> bool:
    return stem.startswith(film_stem) and stem[len(film_stem) : len(film_stem) + 1] in {"", *SEPARATORS}
