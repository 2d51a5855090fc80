"""Which records are visible: one place, used by pages, search, API and feeds alike."""

from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from catalogue.models import InstitutionPage, Keyword, ResourceFile, ResourcePage, Work
from members.models import Institution

VISIBLE = Q(live=True, institution__is_active=True, institution__page__live=True)
"""An edition that is published, below a published page of an active institution."""


def published_editions() -> "QuerySet[ResourcePage]":
    """Return every edition that anybody may see the record of, with all that a record shows."""
    return with_details(ResourcePage.objects.filter(VISIBLE))


def with_details(editions: "QuerySet[ResourcePage]") -> "QuerySet[ResourcePage]":
    """Fetch along what a record shows: institution, terms, keywords, files."""
    return editions.select_related(
        "institution", "institution__page", "resource_type", "licence", "cost", "adapted_from", "translation_of"
    ).prefetch_related(
        "subjects",
        "audience",
        "setting",
        "accessibility",
        "tagged_items__tag",
        Prefetch("files", queryset=ResourceFile.objects.select_related("stored_object", "stored_object__duplicate_of")),
    )


def published_works() -> "QuerySet[Work]":
    """Return the works of which at least one edition is published."""
    return Work.objects.filter(pk__in=ResourcePage.objects.filter(VISIBLE).order_by().values("work_id"))


def published_work_ids() -> "QuerySet[ResourcePage, UUID]":
    """Return the ids of the published works in their order; cheap to read a page at a time, however many there are."""
    return ResourcePage.objects.filter(VISIBLE).order_by("work_id").values_list("work_id", flat=True).distinct()


def work_editions(work_id: UUID) -> "QuerySet[ResourcePage]":
    """Return the published editions of a work: originals before translations, then by language."""
    return published_editions().filter(work_id=work_id).order_by("translation_of_id", "language", "pk")


def was_withdrawn(work_id: UUID) -> bool:
    """Whether an edition of the work was published once and then taken back, by an institution that is still a member."""
    withdrawn = Q(withdrawn_at__isnull=False, live=False, institution__is_active=True, institution__page__live=True)
    return ResourcePage.objects.filter(withdrawn, work_id=work_id).exists()


def current_work_id(work_id: UUID) -> UUID:
    """Return the work that an address leads to today: works that were merged lead on."""
    seen: set[UUID] = set()
    following: UUID | None = work_id
    while following is not None and following not in seen:
        seen.add(following)
        work_id = following
        following = Work.objects.filter(pk=following).values_list("merged_into_id", flat=True).first()
    return work_id


def is_visible(edition: ResourcePage) -> bool:
    """Whether anybody may see the record of this edition."""
    return ResourcePage.objects.filter(VISIBLE, pk=edition.pk).exists()


def edition(edition_id: UUID) -> ResourcePage | None:
    """Return an edition in whatever state; who may see it is the caller's question."""
    return with_details(ResourcePage.objects.filter(edition_id=edition_id)).first()


def published_institutions() -> "QuerySet[InstitutionPage]":
    """Return the pages of active institutions."""
    return InstitutionPage.objects.live().filter(institution__is_active=True).select_related("institution")


def institution(slug: str) -> Institution | None:
    return Institution.objects.filter(slug=slug).first()


def keywords_known_to(institution_id: UUID | None) -> "QuerySet[Keyword]":
    """Return the keywords that may be offered: those of published records and of one's own institution's; never of others' drafts."""
    known = Q(tagged_resources__content_object__in=ResourcePage.objects.filter(VISIBLE))
    if institution_id is not None:
        known |= Q(tagged_resources__content_object__institution_id=institution_id)
    return Keyword.objects.filter(known).distinct()
