"""Links to pages inside texts. Wagtail writes the address of whatever page a link names, and the address of a draft is its title."""

from typing import Any

from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.rich_text.converters.html_to_contentstate import ExternalLinkElementHandler, PageLinkElementHandler
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from catalogue.visibility import public_pages


class PublicPageLink(PageLinkHandler):
    """Leads to published pages alone; a link to any other page is text, for readers and in previews."""

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Any]:
        pages = super().get_many(attrs_list)
        shown = set(Page.objects.filter(public_pages(), pk__in=[page.pk for page in pages if page]).values_list("pk", flat=True))
        return [page if page and page.pk in shown else None for page in pages]


class PublicPageLinkInEditor(PageLinkElementHandler):
    """Keeps which page a link names, and tells the editor the address of published pages alone."""

    def get_attribute_data(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not Page.objects.filter(public_pages(), pk=attrs["id"]).exists():
            return {"id": int(attrs["id"]), "url": None, "parentId": None}
        data: dict[str, Any] = super().get_attribute_data(attrs)
        return data


def register(features: Any) -> None:
    """Take the place of Wagtail's own; its features must be registered before."""
    features.register_link_type(PublicPageLink)
    rules = {"a[href]": ExternalLinkElementHandler("LINK"), 'a[linktype="page"]': PublicPageLinkInEditor("LINK")}
    features.register_converter_rule(
        "contentstate", "link", {"from_database_format": rules, "to_database_format": {"entity_decorators": {"LINK": link_entity}}}
    )
