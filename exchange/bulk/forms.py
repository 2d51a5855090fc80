"""The forms of an import: the file, how to read it, and what its columns are."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Audience, Licence, ResourceType, Subject
from catalogue.widgets import LanguageInput, TreeIterator
from core.errors import InvalidInputError
from exchange import columns
from exchange.bulk import named_files
from exchange.bulk.labels import field_choices
from exchange.language_tags import canonical_tag
from exchange.models import BulkImport
from exchange.tables.fence import ENCODING_LABELS, SEPARATOR_LABELS, TableOptions
from media.models import StoredObject
from media.widgets import UploadInput

FOUND_OUT = gettext_lazy("find out")


class TableForm(forms.Form):
    """The file."""

    table = forms.FileField(
        label=gettext_lazy("Table"),
        help_text=gettext_lazy(
            "CSV or Excel (.xlsx), with a row of headings. One column holds an identifier of your own for each resource."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm"}),
    )

    def clean_table(self) -> Any:
        file = self.cleaned_data["table"]
        if file.size > settings.IMPORT_MAX_BYTES:
            most = filesizeformat(settings.IMPORT_MAX_BYTES)
            raise ValidationError(_("This file is too large: at most %(size)s are possible. Please divide the table.") % {"size": most})
        return file


class ReadingForm(forms.Form):
    """What a person says of the file, where it was guessed wrongly."""

    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), required=False)
    separator = forms.ChoiceField(label=gettext_lazy("Separator"), required=False)
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    header_row = forms.IntegerField(label=gettext_lazy("Row of the headings"), required=False, min_value=1)

    def __init__(self, found: BulkImport, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = found.options
        super().__init__(*args, **kwargs)
        sheets = found.table.get("sheets", [])
        choices: dict[str, Any] = {"encoding": ENCODING_LABELS, "separator": SEPARATOR_LABELS, "sheet": {name: name for name in sheets}}
        for name, labels in choices.items():
            if (name == "sheet") is (found.table.get("kind") == "xlsx"):
                self.fields[name].choices = [("", FOUND_OUT), *labels.items()]  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def options(self) -> TableOptions:
        said = self.cleaned_data
        return TableOptions(said.get("encoding", ""), said.get("separator", ""), said.get("sheet", ""), said["header_row"])


class SubjectField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Subjects as the tree that they are."""

    iterator = TreeIterator


class ColumnsForm(forms.Form):
    """What each column is, what is the same for all rows, and the files that rows name."""

    languages = forms.CharField(label=gettext_lazy("Language"), required=False, widget=LanguageInput, max_length=35)
    resource_type = forms.ModelChoiceField(ResourceType.objects.active(), label=gettext_lazy("Type"), required=False, to_field_name="slug")
    subjects = SubjectField(Subject.objects.active(), label=gettext_lazy("Subject"), required=False, to_field_name="slug")
    audience = forms.ModelChoiceField(Audience.objects.active(), label=gettext_lazy("Audience"), required=False, to_field_name="slug")
    licence = forms.ModelChoiceField(Licence.objects.active(), label=gettext_lazy("Licence"), required=False, to_field_name="slug")

    def __init__(self, found: BulkImport, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {**found.constants, "archive": found.archive_id}
        super().__init__(*args, **kwargs)
        self.fields["archive"] = forms.ModelChoiceField(
            StoredObject.objects.filter(institution=found.institution),
            label=_("Files"),
            help_text=_("One ZIP file with all the files that a column names. Without such a column there is nothing to do here."),
            required=False,
            widget=UploadInput(found.institution_id, accept=".zip", max_bytes=settings.IMPORT_FILES_MAX_BYTES),
        )
        self.header: list[str] = found.table["header"]
        self.samples: list[list[str]] = found.table["sample"]
        self.places = [place for place, heading in enumerate(self.header) if heading]
        for place in self.places:
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=self.header[place], choices=field_choices(found.mapping), required=False, initial=found.mapping[place]
            )

    def table_columns(self) -> list[dict[str, Any]]:
        """Return each column with its heading, a few of its cells, and its field of the form."""
        return [
            {
                "heading": self.header[place],
                "cells": [row[place] for row in self.samples if place < len(row)],
                "field": self[f"column-{place}"],
            }
            for place in self.places
        ]

    def constant_fields(self) -> list[Any]:
        return [self[name] for name in self.declared_fields]

    def mapping(self) -> list[str]:
        return [self.cleaned_data.get(f"column-{place}", "") for place in range(len(self.header))]

    def constants(self) -> dict[str, str]:
        said = {name: self.cleaned_data[name] for name in self.declared_fields}
        return {name: getattr(value, "slug", value) for name, value in said.items() if value}

    def clean_languages(self) -> str:
        tag: str = self.cleaned_data["languages"].strip()
        try:
            return canonical_tag(tag) if tag else ""
        except InvalidInputError as error:
            raise ValidationError(str(error)) from error

    def clean_archive(self) -> StoredObject | None:
        archive: StoredObject | None = self.cleaned_data["archive"]
        try:
            if archive:
                named_files.check(archive)
        except InvalidInputError as error:
            raise ValidationError(str(error)) from error
        return archive

    def clean(self) -> dict[str, Any]:
        """Refuse columns that cannot be taken so, all together."""
        try:
            columns.check(self.header, self.mapping())
        except InvalidInputError as error:
            raise ValidationError(str(error)) from error
        return self.cleaned_data
