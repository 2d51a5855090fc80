"""What a reader sees when something is not there, not allowed, not understood, or broken."""

import pytest
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from catalogue import listing
from catalogue.services import set_institution_active, withdraw
from members.models import Role
from tests.factories.catalogue import make_resource
from tests.factories.members import PASSWORD, make_user
from tests.functional.pages.readable import faults


@pytest.mark.django_db
def test_a_page_that_is_not_there_offers_ways_on(client, soup):
    response = client.get("/en/no/such/page/")
    assert response.status_code == 404
    page = soup(response)
    assert page.main.find("form", action="/en/search/")
    assert page.main.find("a", href="/en/catalogue/")


@pytest.mark.django_db
def test_an_address_without_language_leads_to_the_readers(client):
    edition = make_resource()
    response = client.get(f"/resources/{edition.work_id}/", headers={"Accept-Language": "fr"})
    assert response["Location"] == f"/fr/resources/{edition.work_id}/"


@pytest.mark.django_db
def test_the_address_for_good_leads_to_the_edition_in_the_readers_language(client):
    english = make_resource(title="Soap boats")
    french = make_resource(title="Bateaux de savon", language="fr", translation_of=english)
    address = reverse("resource", args=[english.work_id])
    assert client.get(address)["Location"] == english.get_url()
    assert client.get(address.replace("/en/", "/fr/"))["Location"] == french.get_url().replace("/en/", "/fr/")
    german = client.get(address.replace("/en/", "/zh-hans/"))["Location"]
    assert german.endswith(english.slug + "/")


@pytest.mark.django_db
def test_the_address_of_what_was_withdrawn_says_so(client):
    edition = make_resource()
    withdraw(edition, by=make_user(Role.MANAGER, institution=edition.institution))
    for address in (reverse("resource", args=[edition.work_id]), edition.get_url()):
        response = client.get(address)
        assert response.status_code == 410
        assert "was withdrawn" in response.content.decode()
    draft = make_resource(publish=False)
    assert client.get(reverse("resource", args=[draft.work_id])).status_code == 404
    set_institution_active(edition.institution, active=False, by=make_user(Role.SECRETARIAT))
    assert client.get(reverse("resource", args=[edition.work_id])).status_code == 404


@pytest.mark.django_db
def test_a_lost_database_is_said_in_a_page_that_needs_none(client, soup, monkeypatch):
    def gone():
        raise OperationalError("connection refused")

    monkeypatch.setattr(listing, "_by_date", lambda *_: gone())
    response = client.get("/en/catalogue/")
    assert response.status_code == 503
    assert response["Retry-After"]
    page = soup(response)
    assert faults(page) == []
    assert "Nothing is lost" in page.main.text


@pytest.mark.django_db
def test_a_broken_view_answers_with_a_page_that_needs_nothing(soup, monkeypatch):
    def broken(*_):
        raise RuntimeError("a bug")

    monkeypatch.setattr(listing, "_by_date", broken)
    client = Client(raise_request_exception=False)
    response = client.get("/en/catalogue/")
    assert response.status_code == 500
    page = soup(response)
    assert faults(page) == []
    assert "It has been recorded" in page.main.text
    assert "RuntimeError" not in page.text


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
def test_bare_pages_need_neither_request_nor_database(name):
    assert "<h1>" in render_to_string(name, {"sentence": "Later."})


@pytest.mark.django_db
def test_a_form_that_was_not_ours_is_refused_kindly(soup):
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("login"), {"username": "a@b.example", "password": "x"})
    assert response.status_code == 403
    page = soup(response)
    assert faults(page) == []
    assert "Nothing was changed" in page.main.text


@pytest.mark.django_db
def test_signing_in_leads_back_and_a_wrong_password_says_so(client, soup):
    user = make_user(Role.CONTRIBUTOR)
    response = client.post(reverse("login"), {"username": user.email, "password": "wrong", "next": "/en/catalogue/"})
    page = soup(response)
    assert page.main.find(class_="errorlist")
    assert page.main.find("input", attrs={"name": "next"})["value"] == "/en/catalogue/"
    response = client.post(reverse("login"), {"username": user.email.upper(), "password": PASSWORD, "next": "/en/catalogue/"})
    assert response["Location"] == "/en/catalogue/"
    assert soup(client.get("/en/")).header.find("a", href="/admin/")


@pytest.mark.django_db
def test_signing_in_never_leads_off_the_site(client):
    user = make_user(Role.CONTRIBUTOR)
    response = client.post(reverse("login"), {"username": user.email, "password": PASSWORD, "next": "https://elsewhere.example/"})
    assert response["Location"] == "/admin/"


@pytest.mark.django_db
def test_who_has_no_work_here_is_led_to_the_front_page(client):
    user = make_user()
    response = client.post(reverse("login"), {"username": user.email, "password": PASSWORD})
    assert response["Location"] == "/"


@pytest.mark.django_db
def test_a_new_password_by_mail(client, soup, mailoutbox):
    user = make_user(Role.CONTRIBUTOR)
    client.post(reverse("password_reset"), {"email": user.email})
    [mail] = mailoutbox
    assert "\n" not in mail.subject
    link = next(line for line in mail.body.splitlines() if line.startswith("http"))
    form = client.get(link.partition("testserver")[2] or link, follow=True)
    assert faults(soup(form)) == []
    new = "a quite different sentence"
    done = client.post(form.redirect_chain[-1][0], {"new_password1": new, "new_password2": new}, follow=True)
    assert done.status_code == 200
    assert client.login(username=user.email, password=new)
