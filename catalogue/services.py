"""What other rooms may ask the catalogue to do."""

from catalogue.edition_writer import create_or_update_edition
from catalogue.institutions import create_institution, rename_institution, set_institution_active, set_quota, update_institution
from catalogue.publishing import publish_directly, withdraw
from catalogue.site_tree import ensure_site_tree
from catalogue.submission import move_resource, submit

__all__ = [
    "create_institution",
    "create_or_update_edition",
    "ensure_site_tree",
    "move_resource",
    "publish_directly",
    "rename_institution",
    "set_institution_active",
    "set_quota",
    "submit",
    "update_institution",
    "withdraw",
]
