"""The catalogue: works, their editions (ResourcePage), and the pages that hold them."""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import ItemBase, TagBase
from wagtail.models import Collection, Orderable, Page

from catalogue import tree_rules
from catalogue.curator_task import CuratorTask
from catalogue.fields import CleanRichTextField, LinesField, validate_language_tag
from catalogue.focal_point import FocalPoint
from catalogue.page_permissions import HasCataloguePermissions, HasStructurePermissions
from catalogue.panels import RESOURCE_EDIT_HANDLER
from catalogue.vocabulary import AccessibilityFeature, Audience, CostBand, Licence, ResourceType, Setting, Subject
from core import clock
from core.errors import GoneError
from media.models import StoredObject
from members.models import Institution

__all__ = [
    "Access",
    "AccessibilityFeature",
    "Audience",
    "CatalogueIndexPage",
    "CostBand",
    "CuratorTask",
    "HomePage",
    "InstitutionIndexPage",
    "InstitutionPage",
    "Keyword",
    "Licence",
    "ResourceFile",
    "ResourcePage",
    "ResourceType",
    "Setting",
    "Subject",
    "TaggedResource",
    "Work",
]

WITHDRAWN = _("This resource was withdrawn: it is no longer in the library. Perhaps there is something like it.")
RICH_TEXT_FEATURES = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "hr", "blockquote"]


class Work(models.Model):  # type: ignore[django-manager-missing]
    """What ties editions together: the same content in several languages, perhaps of several institutions. Its id is the public one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged_works",
        help_text="Set when its last edition turned out to belong to another work; its address leads there.",
    )

    def __str__(self) -> str:
        return str(self.id)


class HomePage(HasStructurePermissions, Page):
    """The front door."""

    introduction = models.TextField(_("introduction"), blank=True)
    max_count = 1
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["catalogue.CatalogueIndexPage", "catalogue.InstitutionIndexPage"]
    template = "catalogue/home_page.html"


class CatalogueIndexPage(HasStructurePermissions, Page):
    """The plain listing of every published work, from the database: it works when search does not."""

    max_count = 1
    parent_page_types: ClassVar = ["catalogue.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "catalogue/catalogue_index_page.html"


class InstitutionIndexPage(HasStructurePermissions, Page):
    """The members of the network."""

    max_count = 1
    parent_page_types: ClassVar = ["catalogue.HomePage"]
    subpage_types: ClassVar = ["catalogue.InstitutionPage"]
    template = "catalogue/institution_index_page.html"


class InstitutionPage(HasStructurePermissions, Page):
    """The public face of an institution; what it contributes lies below."""

    institution = models.OneToOneField(Institution, on_delete=models.PROTECT, related_name="page")
    description = CleanRichTextField(_("description"), features=RICH_TEXT_FEATURES, blank=True)
    descriptions = models.JSONField(_("description in other languages"), default=dict, blank=True, help_text=_("Language tag to text."))
    collection = models.OneToOneField(
        Collection, on_delete=models.PROTECT, null=True, editable=False, related_name="+", help_text="Pictures that decorate its page."
    )

    parent_page_types: ClassVar = ["catalogue.InstitutionIndexPage"]
    subpage_types: ClassVar = ["catalogue.ResourcePage"]
    template = "catalogue/institution_page.html"

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Lead nowhere once the membership has ended, to the pages below neither: none of them is in the catalogue any more."""
        if not self.live or not self.institution.is_active:
            raise Http404
        return super().route(request, path_components)


class Keyword(TagBase):
    """A free tag. Those of drafts are nobody else's business: offer only what published resources carry."""

    free_tagging = True
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged_keywords",
        help_text="Set when the secretariat found it to be the same as another; drafts that still name it carry that one.",
    )

    class Meta:
        verbose_name = _("keyword")
        verbose_name_plural = _("keywords")

    @classmethod
    def preferred(cls, names: Iterable[str]) -> list[str]:
        """Return keywords as they are typed, but for those that were merged into another: that one instead; none twice."""
        rows = cls.objects.exclude(merged_into=None).values_list("name", "merged_into__name")
        merged = {name.casefold(): instead for name, instead in rows}
        return list(dict.fromkeys(merged.get(name.casefold(), name) for name in names))


class TaggedResource(ItemBase):
    """A keyword on an edition."""

    tag = models.ForeignKey(Keyword, on_delete=models.CASCADE, related_name="tagged_resources")
    content_object = ParentalKey("catalogue.ResourcePage", on_delete=models.CASCADE, related_name="tagged_items")


class Access(models.TextChoices):
    """Who gets the files. The record is listed for everyone, whatever its access."""

    PUBLIC = "public", _("Everyone")
    MEMBERS = "members", _("Members of the network")
    AGREEMENT = "agreement", _("By agreement")


class ResourcePage(HasCataloguePermissions, Page):
    """One edition of a work: a resource in one language. Field names follow schema.org/LRMI and Dublin Core."""

    edition_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="editions", editable=False)
    institution = models.ForeignKey(
        Institution,
        on_delete=models.PROTECT,
        related_name="editions",
        editable=False,
        help_text="That of the page above; kept in step by catalogue.",
    )
    identifier = models.CharField(
        _("identifier"), max_length=100, blank=True, help_text=_("Your own number or name for it; used by imports.")
    )

    abstract = models.TextField(_("abstract"), blank=True, help_text=_("What it is, for whom, and what happens; two to five sentences."))
    body = CleanRichTextField(_("description"), features=RICH_TEXT_FEATURES, blank=True)
    language = models.CharField(
        _("language"), max_length=35, blank=True, validators=[validate_language_tag], help_text=_("BCP 47 tag: en, pt-BR, zh-Hans.")
    )
    resource_type = models.ForeignKey(
        ResourceType, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("type")
    )
    subjects = ParentalManyToManyField(Subject, blank=True, related_name="editions", verbose_name=_("subjects"))
    audience = ParentalManyToManyField(Audience, blank=True, related_name="editions", verbose_name=_("audience"))
    age_min = models.PositiveSmallIntegerField(_("from age"), null=True, blank=True, validators=[MaxValueValidator(120)])
    age_max = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True, validators=[MaxValueValidator(120)])
    keywords = ClusterTaggableManager(through=TaggedResource, blank=True, verbose_name=_("keywords"))

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("licence"))
    access = models.CharField(_("who gets the files"), max_length=10, choices=Access.choices, default=Access.PUBLIC)
    embargo_until = models.DateField(_("files not before"), null=True, blank=True)
    credit_line = models.CharField(_("credit line"), max_length=500, blank=True, help_text=_("What must be written under it."))
    contributors = LinesField(_("contributors"), blank=True, help_text=_("One person or organisation a line."))
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True, validators=[MinValueValidator(1600), MaxValueValidator(2100)])

    duration_minutes = models.PositiveIntegerField(_("duration in minutes"), null=True, blank=True)
    group_size = models.CharField(_("group size"), max_length=100, blank=True)
    setting = ParentalManyToManyField(Setting, blank=True, related_name="editions", verbose_name=_("setting"))
    cost = models.ForeignKey(CostBand, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cost"))
    materials = LinesField(_("materials"), blank=True, help_text=_("One a line."))
    learning_outcomes = LinesField(_("learning outcomes"), blank=True, help_text=_("One a line."))
    accessibility = ParentalManyToManyField(AccessibilityFeature, blank=True, related_name="editions", verbose_name=_("accessibility"))
    safety_note = models.TextField(_("safety note"), blank=True)
    external_url = models.URLField(_("web address"), max_length=500, blank=True)
    alternative_titles = models.JSONField(
        _("title in other languages"), default=dict, blank=True, help_text=_("Language tag to title, where only the title is translated.")
    )
    translation_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="translations", verbose_name=_("translation of")
    )
    adapted_from = models.ForeignKey(
        Work, on_delete=models.SET_NULL, null=True, blank=True, related_name="adaptations", verbose_name=_("adapted from")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)

    parent_page_types: ClassVar = ["catalogue.InstitutionPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "catalogue/resource_page.html"
    edit_handler = RESOURCE_EDIT_HANDLER
    exclude_fields_in_copy: ClassVar = ["edition_id", "work", "identifier", "withdrawn_at"]

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["institution", "identifier"], condition=~Q(identifier=""), name="identifier_unique_in_institution"
            ),
            models.CheckConstraint(
                condition=Q(age_min__isnull=True) | Q(age_max__isnull=True) | Q(age_min__lte=models.F("age_max")), name="ages_in_order"
            ),
            models.CheckConstraint(condition=Q(access__in=Access.values), name="access_is_known"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save below the institution of the page above, in the work that `translation_of` says, all in one transaction."""
        with transaction.atomic():
            tree_rules.settle(self)
            super().save(*args, **kwargs)

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Say of what was withdrawn that it was: raise GoneError."""
        if self.withdrawn_at is not None and not self.live and not path_components:
            raise GoneError(WITHDRAWN)
        return super().route(request, path_components)

    def get_admin_display_title(self) -> str:
        """Return the published title where there is one: choosers show it to people who may not know of the newer draft."""
        return str(self.title if self.live else self.draft_title or self.title)

    def with_content_json(self, content: dict[str, Any]) -> "ResourcePage":
        """Return the edition as a revision has it; what belongs to the edition as a whole stays as it is today."""
        content = {**content, "tagged_items": _with_merged_keywords(content.get("tagged_items", []))}
        edition: ResourcePage = super().with_content_json(content)
        edition.edition_id = self.edition_id
        edition.work_id = self.work_id
        edition.institution_id = self.institution_id
        edition.withdrawn_at = self.withdrawn_at
        return edition


def _with_merged_keywords(tagged_items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the keywords of a revision in the place of those that were merged into them since; none stands twice."""
    named = [item["tag"] for item in tagged_items]
    merged = dict(Keyword.objects.filter(pk__in=named, merged_into__isnull=False).values_list("pk", "merged_into_id"))
    if not merged:
        return tagged_items
    items = {merged.get(item["tag"], item["tag"]): item for item in reversed(tagged_items)}
    return [{**item, "tag": keyword_id} for keyword_id, item in reversed(items.items())]


class ResourceFile(Orderable):
    """A file of an edition. It belongs to the revision that carries it; the bytes are an immutable stored object."""

    page = ParentalKey(ResourcePage, on_delete=models.CASCADE, related_name="files")
    stored_object = models.ForeignKey(StoredObject, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    caption = models.CharField(_("caption"), max_length=250, blank=True)
    alt_text = models.CharField(
        _("text alternative"), max_length=500, blank=True, help_text=_("What a picture shows, for those who do not see it.")
    )
    focal_point_x = models.PositiveSmallIntegerField(
        _("per cent from the left"), default=FocalPoint().x, validators=[MaxValueValidator(100)]
    )
    focal_point_y = models.PositiveSmallIntegerField(
        _("per cent from the top"), default=FocalPoint().y, validators=[MaxValueValidator(100)]
    )

    class Meta(Orderable.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(focal_point_x__range=(0, 100), focal_point_y__range=(0, 100)), name="focal_point_in_picture"
            ),
        ]

    def __str__(self) -> str:
        return self.caption or str(self.stored_object)

    @property
    def focal_point(self) -> FocalPoint:
        return FocalPoint(self.focal_point_x, self.focal_point_y)
