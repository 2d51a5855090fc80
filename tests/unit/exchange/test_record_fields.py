"""The names of fields, as rows and as the catalogue have them."""

from catalogue.records import EditionData
from exchange.record_fields import FIELDS, name_in_file


def test_every_field_of_the_catalogue_has_the_name_that_rows_call_it():
    assert {name_in_file(attribute) for attribute, _reader in FIELDS.values()} == set(FIELDS)
    assert (name_in_file("language"), name_in_file("external_url"), name_in_file("files")) == ("languages", "url", "files")


def test_what_rows_say_can_be_kept():
    assert {attribute for attribute, _reader in FIELDS.values()} <= set(EditionData.__dataclass_fields__)
