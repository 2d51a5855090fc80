"""Keeping a search, changing it, forgetting it, and the link that stops its mails."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from core import clock
from core.errors import InvalidInputError, NotFoundError
from members.models import User
from search import address
from search.facets import FACETS
from search.models import Frequency, SavedSearch
from search.saved.news import Followed, Numbers, numbers
from search.services import check_request
from search.types import SearchRequest

MOST_PER_PERSON = 50
NAME_CHARACTERS = SavedSearch._meta.get_field("name").max_length or 0  # noqa: SLF001 - Django's documented way to ask a model

_signer = signing.Signer(salt="search.saved.stop")


def request_of(saved: SavedSearch, **changes: Any) -> SearchRequest:
    """Return what a saved search asks, with some of it changed.

    A filter whose choice is gone finds nothing, where leaving it out would find everything.
    """
    query = QueryDict(urlencode([(name, value) for name, value in saved.parameters]))
    return replace(address.read_unchecked(query, saved.language).request, **changes)


def in_words(request: SearchRequest) -> list[str]:
    """Return what a search asks for, as a reader would say it: its words, then the choices of each filter."""
    parts = [_("“%(words)s”") % {"words": request.q}] if request.q else []
    for facet in FACETS:
        values = request.selections.get(facet.name, ())
        if values:
            choices = facet.choices_now(values, request.language)
            labels = ", ".join(choices[value].label if value in choices else value for value in values)
            parts.append(_("%(filter)s: %(choices)s") % {"filter": facet.label, "choices": labels})
    if request.q and request.words_only:
        parts.append(_("These words only"))
    return parts or [_("Everything in the library")]


def name_for(request: SearchRequest) -> str:
    """Return a name to begin with: the words and the labels of what is chosen."""
    parts = [request.q] if request.q else []
    for facet in FACETS:
        values = request.selections.get(facet.name, ())
        if values:
            parts += [choice.label for value, choice in facet.choices_now(values, request.language).items() if value in values]
    return (", ".join(parts) or _("Everything in the library"))[:NAME_CHARACTERS]


def same_search(owner: User, request: SearchRequest) -> SavedSearch | None:
    """Return the owner's saved search that asks the same, if there is one."""
    wanted = _parameters(request)
    return next((saved for saved in owner.saved_searches.all() if saved.parameters == wanted), None)


@transaction.atomic
def save_search(owner: User, request: SearchRequest, *, name: str, frequency: str) -> SavedSearch:
    """Keep a search; raise InvalidInputError where it cannot be asked, is kept already, or where there are too many."""
    check_request(request)
    User.objects.select_for_update().get(pk=owner.pk)  # one at a time, so that the limit holds
    kept = same_search(owner, request)
    if kept is not None:
        raise InvalidInputError(_("You have saved this search already, as “%(name)s”.") % {"name": kept.name}, code="saved-already")
    if owner.saved_searches.count() >= MOST_PER_PERSON:
        raise InvalidInputError(
            _("You have %(number)d saved searches, and more are not possible. Please delete one of them first.")
            % {"number": MOST_PER_PERSON},
            code="too-many-saved-searches",
        )
    return SavedSearch.objects.create(
        owner=owner,
        name=_clean_name(name),
        parameters=_parameters(request),
        language=request.language,
        frequency=Frequency(frequency),
    )


@transaction.atomic
def change_search(owner: User, search_id: UUID, *, name: str, frequency: str) -> SavedSearch:
    """Rename a saved search, or let it write more or less often."""
    saved = own_search(owner, search_id)
    if saved.frequency == Frequency.NEVER and frequency != Frequency.NEVER:  # no mail about all that came in between
        saved.news_from = saved.looked_at = clock.now()
    saved.name, saved.frequency = _clean_name(name), Frequency(frequency)
    saved.save(update_fields=["name", "frequency", "news_from", "looked_at"])
    return saved


def delete_search(owner: User, search_id: UUID) -> str:
    """Forget a saved search; return its name."""
    saved = own_search(owner, search_id)
    saved.delete()
    return saved.name


def own_search(owner: User, search_id: UUID) -> SavedSearch:
    """Return one of the owner's saved searches; raise NotFoundError for anybody else's."""
    saved = owner.saved_searches.filter(pk=search_id).first()
    if saved is None:
        raise NotFoundError(_("You have no such saved search."))
    return saved


def followed(saved: SavedSearch, **changes: Any) -> Followed:
    """Return a saved search as it is asked for news, with some of its request changed."""
    return Followed(request_of(saved, **changes), saved.news_from, told(saved))


def numbers_of(searches: Sequence[SavedSearch]) -> dict[UUID, Numbers]:
    """Count for each saved search, all together. Raises SearchUnavailableError."""
    counted = numbers([followed(saved) for saved in searches])
    return {saved.pk: found for saved, found in zip(searches, counted, strict=True)}


def told(saved: SavedSearch) -> list[str]:
    """Return the ids of the works that its owner was told of, since `news_from`."""
    return [work_id for alert in saved.alerts.all() if alert.sent_at for work_id in alert.work_ids]


def stop_token(saved: SavedSearch) -> str:
    """Return what in a mail's link proves that its bearer was written to. It has no end: old mails must stop what they began."""
    return _signer.sign(str(saved.pk))


def search_to_stop(token: str) -> SavedSearch | None:
    """Return the saved search that a token names, None where it was deleted; raise NotFoundError for a token that is not ours."""
    try:
        search_id = UUID(_signer.unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise NotFoundError(_("This link is not whole. Perhaps your mail program has cut it.")) from error
    return SavedSearch.objects.filter(pk=search_id).first()


def stop(saved: SavedSearch) -> None:
    """Let a saved search write no more; it stays in its owner's list."""
    SavedSearch.objects.filter(pk=saved.pk).update(frequency=Frequency.NEVER)
    saved.frequency = Frequency.NEVER


def _parameters(request: SearchRequest) -> list[list[str]]:
    """Return the parameters as JSON gives them back; what is news, a saved search knows by itself."""
    return [list(pair) for pair in address.parameters(replace(request, since=None, page=1))]


def _clean_name(name: str) -> str:
    name = " ".join(name.split())[:NAME_CHARACTERS]
    if not name:
        raise InvalidInputError(_("Please give this search a name."), code="name-missing")
    return name
