"""Reads the vocabularies that come with the code (catalogue/vocabularies/*.json) into the database."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from catalogue.vocabulary import VOCABULARIES, Subject, Term

FOLDER = Path(__file__).parent / "vocabularies"


@dataclass(slots=True)
class Loaded:
    """How many terms were made or changed, and the slugs of those in the database that the file no longer has."""

    created: int = 0
    changed: int = 0
    unlisted: list[str] = field(default_factory=list)


@transaction.atomic
def load(name: str, *, overwrite: bool = False, deactivate_unlisted: bool = False) -> Loaded:
    """Add the terms and translations of one file that the database lacks.

    What a site changed by hand stays, unless `overwrite`; a term that left the file stays, unless `deactivate_unlisted`.
    """
    model = VOCABULARIES[name]
    rows: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    existing: dict[str, Term] = {term.slug: term for term in model.objects.all()}
    loaded = Loaded()
    for position, row in enumerate(rows):
        values = _values(model, existing, row, position)
        term = existing.get(row["slug"])
        if term is None:
            existing[row["slug"]] = model.objects.create(**values)
            loaded.created += 1
        elif _update(term, values, overwrite=overwrite):
            term.save()
            loaded.changed += 1
    listed = {row["slug"] for row in rows}
    loaded.unlisted = sorted(slug for slug, term in existing.items() if slug not in listed and term.is_active)
    if deactivate_unlisted:
        for slug in loaded.unlisted:
            existing[slug].is_active = False
            existing[slug].save()
    return loaded


def _values(model: type[Term], existing: dict[str, Term], row: dict[str, Any], position: int) -> dict[str, Any]:
    values = {key: "" if key == "schema_value" and value is None else value for key, value in row.items()} | {"position": position}
    if model is Subject:
        parent = values.pop("parent")
        values["parent"] = existing[parent] if parent else None  # a parent stands above its children in the file
    return values


def _update(term: Term, values: dict[str, Any], *, overwrite: bool) -> bool:
    """Change the term and say whether anything differed."""
    changed = False
    for key, value in values.items():
        present = getattr(term, key)
        wanted = value if overwrite else {**value, **present} if isinstance(value, dict) else present
        if present != wanted:
            setattr(term, key, wanted)
            changed = True
    return changed
