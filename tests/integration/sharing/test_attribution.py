"""What must be written under a resource, as text and as HTML."""

import pytest
from django.utils import translation

from catalogue.models import ResourcePage
from catalogue.vocabulary import Licence
from members.models import Institution
from sharing.attribution import attribution_of

pytestmark = pytest.mark.django_db  # a page asks for its locale when it is made
URL = "https://library.example/resources/1/"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def edition(**fields):
    licence = Licence(slug="CC-BY-4.0", labels={"en": "CC BY 4.0 (credit)"}, url="https://creativecommons.org/licenses/by/4.0/")
    institution = Institution(name="Severnside", names={"fr": "Festival de la Severn"})
    return ResourcePage(**{"title": "Soap boats", "licence": licence, "institution": institution, **fields})


def test_title_people_institution_source_and_licence():
    credit = attribution_of(edition(contributors="Ashby, Rosalind\n李明"), url=URL)
    assert credit.text == (
        f"“Soap boats” – Rosalind Ashby, 李明, Severnside – {URL} – CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)"
    )
    assert credit.html == (
        f'<a href="{URL}">“Soap boats”</a> – Rosalind Ashby, 李明, Severnside – '
        '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>'
    )


def test_a_credit_line_is_kept_word_for_word():
    credit = attribution_of(edition(contributors="Ashby, Rosalind", credit_line="© Severnside 2024, photo: J. Okafor"), url=URL)
    assert "© Severnside 2024, photo: J. Okafor – " in credit.text
    assert "Rosalind" not in credit.text


def test_what_a_credit_line_says_already_is_not_said_again():
    credit = attribution_of(edition(credit_line="“Soap boats” by Severnside, CC BY 4.0."), url=URL)
    assert credit.text == f"“Soap boats” by Severnside, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/) – {URL}"
    assert credit.html == (
        f'“<a href="{URL}">Soap boats</a>” by Severnside, '
        '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>'
    )


def test_a_title_is_named_by_its_first_part_too():
    credit = attribution_of(edition(title="Soap boats: why they go", credit_line="Soap boats, Severnside"), url=URL)
    assert credit.text.startswith(f"Soap boats, Severnside – {URL} – CC BY 4.0 (")


def test_cc0_needs_no_number():
    licence = Licence(slug="CC0-1.0", labels={"en": "CC0 1.0 (no rights reserved)"}, url="https://cc.example/zero/", must_credit=False)
    credit = attribution_of(edition(licence=licence, credit_line="Soap boats, Waddenlab (CC0)"), url=URL)
    assert credit.text == f"Soap boats, Waddenlab (CC0 (https://cc.example/zero/)) – {URL}"


def test_a_longer_word_is_not_taken_for_the_title():
    credit = attribution_of(edition(title="Soap", credit_line="Soapbox by Severnside"), url=URL)
    assert credit.text.startswith("“Soap” – Soapbox by Severnside")


def test_nothing_in_a_title_becomes_html():
    credit = attribution_of(edition(title='<script>alert("x")</script>', credit_line="<b>me</b>"), url=URL)
    assert "<script>" not in credit.html
    assert "<b>" not in credit.html
    assert '<script>alert("x")</script>' in credit.text


def test_an_institution_is_named_in_the_readers_language():
    with translation.override("fr"):
        assert "Festival de la Severn" in attribution_of(edition(), url=URL).text


def test_without_a_licence_it_says_so():
    assert "– No licence stated" in attribution_of(edition(licence=None), url=URL).text
