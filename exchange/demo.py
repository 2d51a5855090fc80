"""The demo network: institutions, people, and resources in all the states that a visitor may want to see. From the folder demo/."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from catalogue import selectors
from catalogue import services as catalogue_services
from catalogue.models import ResourcePage
from core import audit
from core.models import AuditEntry
from exchange.demo_people import ensure_people, person
from exchange.file_folder import FileFolder
from exchange.importing import AfterRow, Importer, Source
from exchange.report import Report
from exchange.rows import SourceRow
from exchange.source_files import read_rows
from media.services import store_ready
from members.models import Institution, User

FOLDER: Path = settings.BASE_DIR / "demo"
LOADED = "exchange.demo.load"

WAITING = {
    ("severnside", "night-shift"): "contributor@severnside.example",
    ("wislany-piknik-nauki", "papierowa-enigma"): "contributor@wislany-piknik-nauki.example",
}
"""Handed to the curators, by whom."""

SENT_BACK = {("severnside", "lichen-street"): "contributor@severnside.example"}
SENT_BACK_BY = "curator@rhone-sciences.example"
COMMENT = (
    "A lovely walk, and the key to the lichens works. Two things before it goes out: please say what a group does where the trees are "
    "too clean to have any, and name a source for the link between nitrogen and Xanthoria. Then it is ready."
)

WITHDRAWN = {("severnside", "hanging-by-a-thread"): "manager@severnside.example"}
WITHDRAWN_BECAUSE = "The rigging is being revised after a safety review."

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in demo/: institutions, and rows by the slug of their institution. `stamp` changes when any file does."""

    institutions: list[dict[str, Any]]
    rows: dict[str, list[SourceRow]]
    stamp: str

    def sources(self, *, waiting: bool) -> Iterator[Source]:
        """Return the rows that shall wait for the curators or be sent back by them, or all others."""
        owners = {institution.slug: institution for institution in Institution.objects.filter(slug__in=self.rows)}
        for slug, rows in self.rows.items():
            for row in rows:
                if ((slug, row.values.get("identifier")) in {*WAITING, *SENT_BACK}) is waiting:
                    yield Source(owners[slug], row)

    @property
    def row_count(self) -> int:
        return sum(map(len, self.rows.values()))


def read_contents() -> Contents:
    """Read the folder; the files of resources go into the stamp by name and size."""
    institution_files = sorted((FOLDER / "institutions").glob("*.json"))
    resource_files = sorted((FOLDER / "resources").glob("*.jsonl"))
    digest = hashlib.sha256()
    for path in institution_files + resource_files:
        digest.update(path.name.encode() + path.read_bytes())
    for path in sorted((FOLDER / "files").rglob("*")):
        digest.update(f"{path.name} {path.stat().st_size}".encode())
    institutions = [row for path in institution_files for row in json.loads(path.read_text(encoding="utf-8"))]
    return Contents(institutions, {path.stem: read_rows(path) for path in resource_files}, digest.hexdigest())


def is_loaded(contents: Contents) -> bool:
    """Whether exactly this was loaded last, whole."""
    last = AuditEntry.objects.filter(action=LOADED).first()
    return last is not None and last.data == {"stamp": contents.stamp}


def load(contents: Contents, *, after_row: AfterRow = lambda _row: None) -> tuple[Report, str]:
    """Bring the demo network in; safe to repeat. Returns the report, and the reason why files were left out, or "".

    Without the object store everything comes in but the files; the next run adds them.
    """
    for values in contents.institutions:
        _ensure_institution(values)
    ensure_people()
    store_trouble = store_ready() or ""
    folder = FileFolder(FOLDER / "files") if (FOLDER / "files").is_dir() and not store_trouble else None
    published = Importer(folder=folder, publish=True)
    report = published.run(contents.sources(waiting=False), after_row=after_row)
    drafts = Importer(folder=folder, report=report)
    drafts.run(contents.sources(waiting=True), after_row=after_row)
    for key, email in {**WAITING, **SENT_BACK}.items():
        _submit(key, person(email))
    for key in SENT_BACK:
        _send_back(key, person(SENT_BACK_BY))
    for key, email in WITHDRAWN.items():
        _withdraw(key, person(email))
    if not store_trouble:
        audit.record(LOADED, actor_id=None, object_type="demo", object_id="demo", stamp=contents.stamp)
    return report, store_trouble


def _ensure_institution(values: dict[str, Any]) -> None:
    """Make the institution; one that is there stays as the visitors of the demo left it."""
    if selectors.institution(values["slug"]):
        return
    values = dict(values)
    descriptions = {language: f"<p>{text}</p>" for language, text in values.pop("description").items()}
    catalogue_services.create_institution(
        usual_licence=values.pop("licence"),
        description=descriptions.get(values["language"], descriptions["en"]),
        descriptions=descriptions,
        **values,
    )


def _find(key: Key) -> ResourcePage | None:
    slug, identifier = key
    return ResourcePage.objects.filter(institution__slug=slug, identifier=identifier).first()


def _submit(key: Key, by: User) -> None:
    """Hand a draft in that never was; what the curators, or visitors in their role, decided since stays decided."""
    edition = _find(key)
    if edition and not edition.live and not edition.workflow_states.exists():
        catalogue_services.submit(edition, by=by)


@transaction.atomic
def _send_back(key: Key, by: User) -> None:
    """Have a curator ask for changes, once: what was handed in again since waits for a real judgement."""
    edition = _find(key)
    state = edition.current_workflow_task_state if edition else None
    if edition and state and state.status == state.STATUS_IN_PROGRESS and not _was_judged(edition):
        state.task.specific.on_action(state, by, "reject", comment=COMMENT)


def _was_judged(edition: ResourcePage) -> bool:
    return bool(edition.workflow_states.exclude(task_states__finished_at=None).exists())


def _withdraw(key: Key, by: User) -> None:
    edition = _find(key)
    if (
        edition
        and edition.live
        and not AuditEntry.objects.filter(action="catalogue.resource.withdraw", object_id=str(edition.edition_id)).exists()
    ):
        catalogue_services.withdraw(edition, by=by, reason=WITHDRAWN_BECAUSE)
