"""The sentences that go with a decision, in the reader's language."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sharing.policies import Decision, WhatNext, Why


def why_sentence(decision: Decision, *, institution_name: str, embargo_until: dt.date | None = None) -> str:
    """Return one sentence that says why the files can, or cannot, be had."""
    if decision.why is Why.EMBARGO and embargo_until is not None:
        return _("%(institution)s releases the files of this resource on %(date)s.") % {
            "institution": institution_name,
            "date": date_format(embargo_until, "DATE_FORMAT"),
        }
    sentences = {
        Why.OWN_INSTITUTION: _("You may have the files because the resource belongs to your institution."),
        Why.CURATION: _("You may have the files because you look after the catalogue."),
        Why.EMERGENCY: _("You may have the files because you administer this site."),
        Why.PUBLIC: _("Everyone may have the files."),
        Why.MEMBER: _("You may have the files because you are a member of the network."),
        Why.PART_OF_RECORD: _("This picture is part of the public record."),
        Why.NOT_PUBLISHED: _("This resource is not published."),
        Why.EMBARGO: _("The files of this resource are not released yet."),
        Why.MEMBERS_ONLY: _("The files are for members of the network."),
        Why.BY_AGREEMENT: _("%(institution)s gives the files by agreement.") % {"institution": institution_name},
    }
    return sentences[decision.why]


def next_sentence(decision: Decision, *, institution_name: str, contact_name: str, contact_email: str) -> str:
    """Return one sentence that says what a refused reader can do; empty where nothing is to be done."""
    if decision.what_next is WhatNext.SIGN_IN:
        return _("If your institution is a member, sign in to download them.")
    if decision.what_next is WhatNext.WAIT:
        return _("Come back on that day: the address of this page stays the same.")
    if decision.what_next is WhatNext.ASK_INSTITUTION and contact_email:
        return _("Write to %(name)s and say what you plan, where and when.") % {"name": contact_name or institution_name}
    if decision.what_next is WhatNext.ASK_INSTITUTION:
        return _("Ask %(institution)s, and say what you plan, where and when.") % {"institution": institution_name}
    return ""
