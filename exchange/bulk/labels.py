"""What fields and outcomes of an import are called on a page."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import ResourcePage
from catalogue.records import Status
from core.languages import language_name
from exchange.columns import TITLE_PREFIX
from exchange.record_fields import FIELDS
from exchange.report import Effect

OUTCOMES: dict[str, Promise] = {
    Status.CREATED: gettext_lazy("new"),
    Status.UPDATED: gettext_lazy("changed"),
    Status.UNCHANGED: gettext_lazy("as it was"),
    Effect.REFUSED: gettext_lazy("not taken in"),
}
TITLE_LANGUAGES = ("en", "fr", "es", "ar", "zh-Hans", "ru", "de", "it", "pt")
"""Offered for a column of titles in one language; any other that the headings name is offered, too."""


def field_label(name: str) -> str:
    """Return what a field of the import is called; a name that nobody knows comes back as it is."""
    if name.startswith(TITLE_PREFIX):
        return _("Title in %(language)s") % {"language": language_name(name.removeprefix(TITLE_PREFIX))}
    if name == "ages":
        return _("Ages, from and to in one")
    if name == "files":
        return _("Files")
    attribute = FIELDS[name][0] if name in FIELDS else name
    if attribute not in {field.name for field in ResourcePage._meta.get_fields()}:  # noqa: SLF001 - documented by Django
        return name
    field = ResourcePage._meta.get_field(attribute)  # noqa: SLF001
    label = str(getattr(field, "verbose_name", "") or name)
    return label[:1].upper() + label[1:]


def field_choices(guessed: list[str]) -> list[tuple[str, str]]:
    """Return what a column can be, in the order of the editor's form."""
    titles = dict.fromkeys([*(TITLE_PREFIX + tag for tag in TITLE_LANGUAGES), *(name for name in guessed if name.startswith(TITLE_PREFIX))])
    names = ["identifier"]
    for name in FIELDS:
        names.append(name)
        if name == "title":
            names.extend(titles)
        if name == "age_max":
            names.append("ages")
    names.append("files")
    return [("", _("leave this column out")), *((name, field_label(name)) for name in names)]
