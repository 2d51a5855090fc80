"""Tables as five institutions send them: their encodings, separators and headings are found, said, and hold."""

import re
from collections import Counter

import pytest

from catalogue.models import ResourcePage
from tests.factories.members import make_institution

pytestmark = [pytest.mark.shared_data, pytest.mark.django_db]

ITALIAN = ("it_attivita_cp1252.csv", "IT", ["--set", "languages=it", "--set", "licence=CC-BY-4.0", "--set", "resource_type=lesson-plan"])
CHINESE = ("cn_资源目录_gb18030.csv", "CN", ["--set", "languages=zh-Hans", "--set", "licence=CC-BY-4.0"])
FRENCH = ("fr_ressources_utf8bom.csv", "FR", ["--set", "languages=fr"])
ARABIC = ("ar_موارد_utf16.csv", "SA", ["--set", "languages=ar"])
PROJECTS = ("eu_citsci_projects.xlsx", "BE", ["--set", "languages=en", "--set", "resource_type=project"])


@pytest.fixture
def take_in_export(shared, take_in_file):
    """Take an export in; returns the report and the drafts by identifier."""

    def run(name, country, options, *more):
        institution = make_institution(country=country)
        _status, report = take_in_file(shared / "exports" / name, institution, *options, *more)
        return report, {
            page.identifier: page.get_latest_revision_as_object() for page in ResourcePage.objects.filter(institution=institution)
        }

    return run


def problems(report):
    """Count what was left out, by field and sentence."""
    found = (re.fullmatch(r"Line \d+, (\w+): (.*) \[value left out\]", line) for line in report)
    return Counter((match[1], match[2]) for match in found if match)


def test_italian_in_windows_1252_with_semicolons(take_in_export):
    report, drafts = take_in_export(*ITALIAN)
    assert report[0] == "Read as Windows-1252 (Western Europe), separator: semicolon; the headings are in row 1."
    assert "The encoding is a guess" in report[1]
    assert "Codice → identifier, Titolo → title, Descrizione breve → abstract, Fascia d'età → ages" in report[2]
    assert report[-1] == "37 rows: 37 new, 0 changed, 0 as they were, 0 not taken in."
    assert problems(report) == {}
    hole = drafts["astroedu:1304"]
    assert hole.abstract == "Comprendere il mistero dei buchi neri con un’attività hands-on"
    assert (hole.age_min, hole.age_max, hole.year, hole.language) == (8, 12, 2013, "it")
    assert "gravità" in {keyword.name for keyword in hole.keywords.all()}


def test_chinese_in_gb18030(take_in_export):
    report, drafts = take_in_export(*CHINESE)
    assert report[0].startswith("Read as GB 18030 (Chinese, simplified), separator: comma")
    assert report[-1].startswith("96 rows: 96 new")
    assert drafts["phet:balancing-chemical-equations"].title == "配平化学方程式"
    assert [term.slug for term in drafts["phet:acid-base-solutions"].subjects.all()] == ["chemistry"]
    assert set(problems(report)) == {
        ("audience", "“Middle/High” is not a term of the vocabulary."),
        ("subjects", "“Biology” is not a term of the vocabulary."),
        ("subjects", "“Earth Science” is not a term of the vocabulary."),
    }


def test_french_in_utf8_with_a_mark(take_in_export):
    report, drafts = take_in_export(*FRENCH)
    assert report[0] == "Read as UTF-8, separator: semicolon; the headings are in row 1."
    assert report[-1].startswith("123 rows: 123 new")
    acid = drafts["phet:acid-base-solutions"]
    assert (acid.title, acid.alternative_titles, acid.licence.slug) == (
        "Solutions acido-basiques",
        {"en": "Acid-Base Solutions"},
        "CC-BY-4.0",
    )


def test_arabic_in_utf16_with_tabs(take_in_export):
    report, drafts = take_in_export(*ARABIC)
    assert report[0] == "Read as UTF-16, separator: tab; the headings are in row 1."
    assert report[-1].startswith("122 rows: 122 new")
    assert (drafts["phet:acid-base-solutions"].title, drafts["phet:acid-base-solutions"].language) == ("محاليل حمض-قلوي", "ar")


def test_a_workbook_with_a_merged_title_row(take_in_export):
    report, drafts = take_in_export(*PROJECTS)
    assert report[0] == "Read from the sheet “Projects”; the headings are in row 3."
    assert report[-1] == "515 rows: 515 new, 0 changed, 0 as they were, 0 not taken in."
    assert "Line 3, Countries: No field was found for this column." in "\n".join(report)
    hedgehogs = drafts["citsci:10001"]
    assert (hedgehogs.title, hedgehogs.year) == ("Hedgehogstreet", 2011)
    assert hedgehogs.contributors == "British Hedgehog Preservation Society"


def test_what_was_guessed_can_be_overruled(take_in_export):
    report, drafts = take_in_export(*ITALIAN, "--encoding", "cp1250", "--map", "Autori=", "--map", "Descrizione breve=body")
    assert report[0].startswith("Read as Windows-1250")
    assert "guess" not in report[1]
    hole = drafts["astroedu:1304"]
    assert (hole.abstract, hole.contributors) == ("", "")
    assert "attivitŕ" in hole.body
