"""What every page needs: languages, countries, and the same address in another language or with other parameters."""

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import languages

register = template.Library()

register.filter("language_name", languages.language_name)
register.filter("own_name", languages.own_name)
register.filter("direction", languages.direction)
register.filter("country_name", languages.country_name)


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """Return a symbol of static/img/icons.svg. It is decoration: the words beside it say the same."""
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', static("img/icons.svg"), name)


@register.filter
def duration(minutes: float | None) -> str:
    """Return minutes in words: “45 minutes”, “1 h 30 min”; "" for None."""
    if minutes is None:
        return ""
    hours, rest = divmod(round(minutes), 60)
    if not hours:
        return ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest}
    if not rest:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


@register.filter
def clock_length(seconds: float | None) -> str:
    """Return the length of a recording as 4:05 or 1:04:05; "" for None."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> list[dict[str, Any]]:
    """Return this page's address in each interface language, query included: {code, name, url, current}.

    Empty where there is no request, as on the page for a broken server.
    """
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        return []
    here = request.get_full_path()
    current = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    links = []
    for code, _name in settings.LANGUAGES:
        url = translate_url(here, code)
        moved = url != here or code == current
        links.append({"code": code, "name": languages.own_name(code), "url": url if moved else f"/{code}/", "current": code == current})
    return links


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """Return "?…" of this request with some parameters set, or left out where the value is None."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"
