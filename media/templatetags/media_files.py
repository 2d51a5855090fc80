"""What templates of higher rooms show of a stored object."""

from typing import Any
from uuid import UUID

from django import template

from media import selectors
from media.models import StoredObject

register = template.Library()


@register.inclusion_tag("media/file_findings.html")
def file_findings(object_id: UUID) -> dict[str, Any]:
    """List what was found in a file that was taken, and what the virus scanner said: for curators."""
    stored = StoredObject.objects.get(pk=object_id)
    return {"warnings": selectors.warning_sentences(stored), "scan": selectors.scan_sentence(stored)}
