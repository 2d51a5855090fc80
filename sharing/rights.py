"""A licence in plain words: what one may, may not, and must do. Read from the licence's data, so a new licence needs no code."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from catalogue.vocabulary import Licence


class Force(StrEnum):
    """How a rule binds."""

    MAY = "may"
    MUST = "must"
    MAY_NOT = "may-not"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the list; `icon` names a symbol of static/img/icons.svg."""

    force: Force
    icon: str
    text: str


def rules_of(licence: Licence) -> list[Rule]:
    """Return what may be done first, then what must, then what may not."""
    rules = [
        _permission(licence.may_share, "share", _("Pass copies on to others"), _("Do not pass copies on to others")),
        _permission(licence.may_adapt, "adapt", _("Change it to fit your event"), _("Do not share a changed version")),
        _permission(licence.may_translate, "translate", _("Translate it"), _("Do not share a translation")),
        _permission(
            licence.may_use_commercially,
            "commercial",
            _("Use it where money is earned"),
            _("Do not use it to earn money"),
        ),
    ]
    if licence.must_credit:
        rules.append(Rule(Force.MUST, "credit", _("Name the authors, as written below")))
    if licence.must_share_alike:
        rules.append(Rule(Force.MUST, "alike", _("Give what you make from it the same licence")))
    order = list(Force)
    return sorted(rules, key=lambda rule: order.index(rule.force))


def _permission(allowed: bool, icon: str, yes: str, no: str) -> Rule:
    return Rule(Force.MAY, icon, yes) if allowed else Rule(Force.MAY_NOT, icon, no)
