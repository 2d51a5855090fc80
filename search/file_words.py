"""The words of files, as far as the search may show them: it answers everybody, so only of files that everybody may have today."""

from collections.abc import Iterable

from catalogue.models import ResourcePage
from core import clock
from media import selectors as media_selectors
from members.viewer import ANONYMOUS
from sharing.policies import Action, Standing, may
from sharing.selectors import terms_of

MOST_CHARACTERS = 200_000
"""Of an edition: those of its first files."""


def file_words(editions: Iterable[ResourcePage]) -> dict[int, list[str]]:
    """Return the page id of each published edition with the words of its files, one text a file; none of files that are withheld."""
    today = clock.today()
    shown = [edition for edition in editions if may(ANONYMOUS, Action.DOWNLOAD, terms_of(edition, Standing.PUBLISHED), today=today).allowed]
    objects = {edition.pk: list(dict.fromkeys(row.stored_object_id for row in edition.files.all())) for edition in shown}
    texts = media_selectors.words_of({object_id for group in objects.values() for object_id in group})
    return {page_id: _beginning(texts[object_id] for object_id in group if object_id in texts) for page_id, group in objects.items()}


def _beginning(texts: Iterable[str]) -> list[str]:
    kept: list[str] = []
    room = MOST_CHARACTERS
    for text in texts:
        if room > 0:
            kept.append(text[:room])
            room -= len(text)
    return kept
