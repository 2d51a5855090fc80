"""The one step of moderation: a curator who does not belong to the institution judges a revision."""

from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask


class CuratorTask(AbstractGroupApprovalTask):
    """Approval by a curator of another institution."""

    class Meta:
        verbose_name = _("curator's review")
        verbose_name_plural = _("curators' reviews")
