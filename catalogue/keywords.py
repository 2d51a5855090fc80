"""Keywords that are one and the same but for how they are written, and making one of them."""

import re
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from catalogue import policies
from catalogue.changes import announce_editions
from catalogue.models import Keyword, ResourcePage, TaggedResource
from core import audit
from core.errors import NotAllowedError
from core.languages import without_accents
from members.models import User
from members.viewer import Viewer

_PLURALS = ((re.compile(r"ies$"), "y"), (re.compile(r"(x|ch|sh|ss)es$"), r"\1"), (re.compile(r"(?<=\w\w[^s])s$"), ""))
_BETWEEN_WORDS = re.compile(r"[\s\-‐–_/·.,'’]+")


def likeness(name: str) -> str:
    """Return what names share that differ only by case, accents, hyphens, spaces, or a plural."""
    words = [word for word in _BETWEEN_WORDS.split(without_accents(name)) if word]
    return "".join(_singular(word) for word in words)


def _singular(word: str) -> str:
    for pattern, instead in _PLURALS:
        shorter, found = pattern.subn(instead, word)
        if found:
            return shorter
    return word


def in_use() -> "QuerySet[Keyword]":
    """Return the keywords that resources carry, with `uses`, the number of these."""
    return Keyword.objects.annotate(uses=Count("tagged_resources")).filter(uses__gt=0)


def near_duplicates() -> list[list[Keyword]]:
    """Return groups of keywords in use that are alike, in the order of the alphabet; in each the most used first."""
    groups: dict[str, list[Keyword]] = {}
    for keyword in in_use().order_by("-uses", "name"):
        groups.setdefault(likeness(keyword.name), []).append(keyword)
    return [group for like, group in sorted(groups.items()) if len(group) > 1]


@transaction.atomic
def merge(keyword: Keyword, others: Iterable[Keyword], *, by: User) -> int:
    """Let all that carries one of the others carry the keyword instead, drafts too; return the number of resources changed.

    Raises NotAllowedError.
    """
    if not policies.may_edit_vocabularies(Viewer.of(by)):
        raise NotAllowedError(_("Only the secretariat can merge keywords."))
    merged = {other.pk: other.name for other in others if other.pk != keyword.pk}
    items = TaggedResource.objects.filter(tag__in=merged)
    page_ids = set(items.values_list("content_object_id", flat=True))
    carried = set(TaggedResource.objects.filter(tag=keyword).values_list("content_object_id", flat=True))
    items.delete()
    TaggedResource.objects.bulk_create(TaggedResource(tag=keyword, content_object_id=page_id) for page_id in sorted(page_ids - carried))
    Keyword.objects.filter(merged_into__in=merged).update(merged_into=keyword)
    Keyword.objects.filter(pk__in=merged).update(merged_into=keyword)
    announce_editions(ResourcePage.objects.filter(pk__in=page_ids))
    audit.record(
        "catalogue.keyword.merge",
        actor_id=by.id,
        object_type="keyword",
        object_id=str(keyword.pk),
        keyword=keyword.name,
        merged=sorted(merged.values()),
        resources=len(page_ids),
    )
    return len(page_ids)
