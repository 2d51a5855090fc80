"""Who may have what of a resource. Pure: from a viewer, the terms and today's date, at the moment of asking.

The page, the facet, the API and the signer of downloads all ask `may`. Read the two tables below as the rule:

| the resource is | its files go to                                                                            |
|-----------------|--------------------------------------------------------------------------------------------|
| any             | members of the institution it belongs to                                                   |
| a draft         | nobody else                                                                                |
| in review       | curators and the secretariat, who must judge it; nobody else                                |
| published       | curators and the secretariat; when no embargo holds: everyone (public), members (members),  |
|                 | nobody without asking (agreement)                                                          |

The record of a published resource is everyone's, whatever its access. Its thumbnails are part of the record, unless an
embargo or an agreement withholds the files: a poster's thumbnail may well be the poster. Superusers see everything; they
exist for emergencies, and their downloads are recorded like all others.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from catalogue.models import Access
from members.models import Role
from members.viewer import Viewer


class Action(StrEnum):
    """What somebody wants to do."""

    VIEW_RECORD = "view-record"
    PREVIEW = "preview"
    DOWNLOAD = "download"


class Standing(StrEnum):
    """How far a resource, or a file of a new draft of it, has come."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    PUBLISHED = "published"


class Why(StrEnum):
    """Why the answer is what it is. The codes are kept in the record of downloads: never rename one."""

    OWN_INSTITUTION = "own-institution"
    CURATION = "curation"
    EMERGENCY = "emergency"
    PUBLIC = "public"
    MEMBER = "member"
    PART_OF_RECORD = "part-of-record"

    NOT_PUBLISHED = "not-published"
    EMBARGO = "embargo"
    MEMBERS_ONLY = "members-only"
    BY_AGREEMENT = "by-agreement"


class WhatNext(StrEnum):
    """What somebody who was refused can do."""

    NOTHING = "nothing"
    SIGN_IN = "sign-in"
    WAIT = "wait"
    ASK_INSTITUTION = "ask-institution"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the decision depends on. `embargo_until` is the first day on which the files may be had."""

    institution_id: UUID
    standing: Standing
    access: str
    embargo_until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer with its reason; `what_next` is NOTHING where the answer is yes."""

    allowed: bool
    why: Why
    what_next: WhatNext = WhatNext.NOTHING


def may(viewer: Viewer, action: Action, terms: Terms, *, today: dt.date) -> Decision:
    """Decide whether the viewer may do this."""
    insider = _as_insider(viewer, terms)
    if insider is not None:
        return Decision(allowed=True, why=insider)
    if terms.standing is not Standing.PUBLISHED:
        return Decision(allowed=False, why=Why.NOT_PUBLISHED)
    if action is Action.VIEW_RECORD:
        return Decision(allowed=True, why=Why.PUBLIC)
    files = _as_reader(viewer, terms, today)
    if action is Action.PREVIEW and files.why is Why.MEMBERS_ONLY:
        return Decision(allowed=True, why=Why.PART_OF_RECORD)
    return files


def _as_insider(viewer: Viewer, terms: Terms) -> Why | None:
    if viewer.belongs_to(terms.institution_id):
        return Why.OWN_INSTITUTION
    if terms.standing is not Standing.DRAFT and viewer.has(Role.CURATOR, Role.SECRETARIAT):
        return Why.CURATION
    if viewer.is_superuser:
        return Why.EMERGENCY
    return None


def _as_reader(viewer: Viewer, terms: Terms, today: dt.date) -> Decision:
    if terms.embargo_until is not None and today < terms.embargo_until:
        return Decision(allowed=False, why=Why.EMBARGO, what_next=WhatNext.WAIT)
    if terms.access == Access.PUBLIC:
        return Decision(allowed=True, why=Why.PUBLIC)
    if terms.access == Access.MEMBERS and viewer.is_member:
        return Decision(allowed=True, why=Why.MEMBER)
    if terms.access == Access.MEMBERS:
        return Decision(
            allowed=False,
            why=Why.MEMBERS_ONLY,
            what_next=WhatNext.SIGN_IN if viewer.is_anonymous else WhatNext.ASK_INSTITUTION,
        )
    return Decision(allowed=False, why=Why.BY_AGREEMENT, what_next=WhatNext.ASK_INSTITUTION)
