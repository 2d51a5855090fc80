"""Turns records into editions: the one way in for imports, for the demo, and later for the API's writers."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from catalogue import completeness, publishing, references
from catalogue.fields import as_lines, clean_rich_text
from catalogue.models import (
    AccessibilityFeature,
    Audience,
    CostBand,
    InstitutionPage,
    Keyword,
    Licence,
    ResourceFile,
    ResourcePage,
    ResourceType,
    Setting,
    Subject,
)
from catalogue.records import EditionData, EditionInvalidError, EditionOutcome, Problem, Status
from media import services as media_services
from media.models import StoredObject
from members.models import Institution, User

ONE_TERM: dict[str, Any] = {"resource_type": ResourceType, "licence": Licence, "cost": CostBand}
MANY_TERMS: dict[str, Any] = {"subjects": Subject, "audience": Audience, "setting": Setting, "accessibility": AccessibilityFeature}
LINES = frozenset({"contributors", "materials", "learning_outcomes"})


def create_or_update_edition(
    institution: Institution,
    data: EditionData,
    *,
    files: Sequence[Path] | None = None,
    objects: Sequence[StoredObject] | None = None,
    publish: bool = False,
    actor: User | None = None,
) -> EditionOutcome:
    """Bring the institution's edition with this identifier in step with the record.

    Its files are what `files` (paths, which are stored) or `objects` (stored already) says; None for both leaves them alone.

    Run twice, it changes nothing. A complete edition is published if `publish`; an incomplete one, or one with a reference
    that leads nowhere, stays a draft. A withdrawn edition is changed, and stays withdrawn.
    Raises EditionInvalidError, having changed nothing, and UnavailableError when a file cannot be stored now.
    Files are stored before the transaction begins: an upload may take minutes, and SQLite has one writer.
    """
    if not data.identifier.strip():
        raise EditionInvalidError([Problem("identifier", _("Please give each resource an identifier of its own."))])
    _refuse_nul(data)
    present = ResourcePage.objects.filter(institution=institution, identifier=data.identifier).first()
    if files is not None:
        objects = _stored_objects(institution, present, files, actor)
    with transaction.atomic():
        return _write(institution, data, objects, publish=publish, actor=actor)


def _write(
    institution: Institution, data: EditionData, objects: Sequence[StoredObject] | None, *, publish: bool, actor: User | None
) -> EditionOutcome:
    parent = InstitutionPage.objects.get(institution=institution)
    Page.objects.select_for_update().get(pk=parent.pk)  # two writers below one parent would give two pages one path
    parent.refresh_from_db()
    present = ResourcePage.objects.filter(institution=institution, identifier=data.identifier).first()
    edition: ResourcePage = (
        present.get_latest_revision_as_object() if present else ResourcePage(identifier=data.identifier, live=False, owner=actor)
    )
    problems: list[Problem] = []
    changed = _apply(edition, institution, data, problems) or present is None
    if objects is not None and [file.stored_object_id for file in edition.files.all()] != [stored.pk for stored in objects]:
        edition.files.set([ResourceFile(stored_object=stored, sort_order=place) for place, stored in enumerate(objects)])
        changed = True
    _validate(edition)
    if present is None:
        edition.has_unpublished_changes = True
        parent.add_child(instance=edition)
    if changed:
        edition.save_revision(user=actor, log_action=True)
        if present is not None and not present.live and present.title != edition.title:
            ResourcePage.objects.filter(pk=present.pk).update(title=edition.title)
    status = Status.CREATED if present is None else Status.UPDATED if changed else Status.UNCHANGED
    outcome = EditionOutcome(status, str(edition.edition_id), edition.pk, problems=problems)
    outcome.missing = [Problem(each.field, str(each.sentence)) for each in completeness.missing(edition)]
    dangling = any(problem.field in {"translation_of", "adapted_from"} for problem in problems)
    if publish and not outcome.missing and not dangling and edition.withdrawn_at is None:
        _publish(edition, outcome, changed=changed, actor=actor)
    outcome.published = ResourcePage.objects.filter(pk=edition.pk, live=True).exists()
    return outcome


def _publish(draft: ResourcePage, outcome: EditionOutcome, *, changed: bool, actor: User | None) -> None:
    """Publish the latest revision, which `draft` is."""
    edition = ResourcePage.objects.get(pk=draft.pk)
    if edition.live and not changed and not edition.has_unpublished_changes:
        return
    waiting = publishing.files_not_ready(draft)
    if waiting:
        outcome.missing = waiting
        return
    publishing.publish_directly(edition, by=actor)
    if outcome.status is Status.UNCHANGED:
        outcome.status = Status.UPDATED


def _apply(edition: ResourcePage, institution: Institution, data: EditionData, problems: list[Problem]) -> bool:
    """Set what the record says; say whether anything differed."""
    changed = False
    for name, value in data.said().items():
        changed |= _apply_field(edition, institution, name, value, problems)
    if not edition.title.strip():
        edition.title = completeness.placeholder_title(data.identifier)
    return changed


def _apply_field(edition: ResourcePage, institution: Institution, name: str, value: Any, problems: list[Problem]) -> bool:
    if name in ONE_TERM:
        found = references.terms(ONE_TERM[name], [value] if value else [], name, problems)
        return _set(edition, name, found[0] if found else None)
    if name in MANY_TERMS:
        return _apply_terms(edition, name, references.terms(MANY_TERMS[name], value, name, problems))
    if name in {"translation_of", "adapted_from"}:
        return _apply_reference(edition, institution, name, value, problems)
    if name == "keywords":
        return _apply_keywords(edition, value)
    if name in LINES:
        lines = [" ".join(line.split()) for line in value if line.strip()]
        value = getattr(edition, name) if lines == as_lines(getattr(edition, name)) else "\n".join(lines)
    elif name == "body":
        value = clean_rich_text(value)
    return _set(edition, name, value)


def _apply_terms(edition: ResourcePage, name: str, wanted: list[Any]) -> bool:
    if {term.pk for term in wanted} == {term.pk for term in getattr(edition, name).all()}:
        return False
    setattr(edition, name, wanted)
    return True


def _apply_keywords(edition: ResourcePage, words: Sequence[str]) -> bool:
    wanted = Keyword.preferred(" ".join(word.split())[:100] for word in words if word.strip())
    if {word.lower() for word in wanted} == {keyword.name.lower() for keyword in edition.keywords.all()}:
        return False
    edition.keywords.set(wanted)
    return True


def _apply_reference(edition: ResourcePage, institution: Institution, name: str, value: str, problems: list[Problem]) -> bool:
    find = references.edition if name == "translation_of" else references.work
    found: Any = find(institution, value) if value else None
    if value and (found is None or found.pk == edition.pk):
        problems.append(Problem(name, _("No other resource “%(reference)s” was found.") % {"reference": value}))
        return False
    return _set(edition, name, found)


def _set(edition: ResourcePage, name: str, value: Any) -> bool:
    if getattr(edition, name) == value:
        return False
    setattr(edition, name, value)
    return True


def _refuse_nul(data: EditionData) -> None:
    """PostgreSQL cannot keep the character NUL in a text."""
    said = {"identifier": data.identifier, **data.said()}
    sentence = _("It holds a character that cannot be used (NUL).")
    problems = [Problem(name, sentence) for name, value in said.items() if any("\x00" in text for text in _texts(value))]
    if problems:
        raise EditionInvalidError(problems)


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [str(part) for pair in value.items() for part in pair]
    return [str(part) for part in value] if isinstance(value, tuple) else [str(value)]


def _validate(edition: ResourcePage) -> None:
    """Check each field as the form would; Wagtail itself lets a draft hold anything."""
    names = {*EditionData.__dataclass_fields__, "slug"} - set(MANY_TERMS) - {"keywords", "translation_of", "adapted_from"}
    unchecked = {field.name for field in edition._meta.fields if field.name not in names}  # noqa: SLF001 - documented by Django
    try:
        edition.clean_fields(exclude=unchecked | {"slug"})
    except ValidationError as error:
        problems = [Problem(name, " ".join(messages)) for name, messages in error.message_dict.items()]
        raise EditionInvalidError(problems) from error
    if edition.age_min is not None and edition.age_max is not None and edition.age_min > edition.age_max:
        raise EditionInvalidError([Problem("age_min", _("The youngest age is above the oldest."))])


def _stored_objects(
    institution: Institution, present: ResourcePage | None, files: Sequence[Path], actor: User | None
) -> list[StoredObject]:
    """Return a stored object for each file; one that the edition carries already, by name and checksum, is not stored again."""
    carried: dict[tuple[str, str], StoredObject] = {}
    if present is not None:
        for file in present.get_latest_revision_as_object().files.all():
            carried[(file.stored_object.filename, file.stored_object.sha256)] = file.stored_object
    return [
        carried.get((path.name, _sha256(path)))
        or media_services.store_file(path, institution=institution, created_by=actor, filename=path.name)
        for path in files
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
