"""The doors of docs/architecture.md that belong to the catalogue, each tried by somebody of another institution."""

import json

import pytest
from django.apps import apps
from django.test import Client
from django.urls import NoReverseMatch, reverse

from catalogue.models import InstitutionPage, ResourcePage
from catalogue.services import set_institution_active
from media.models import StoredObject
from tests.denial import is_denied
from tests.factories.catalogue import make_resource, reload, revise
from tests.factories.members import make_institution, make_user
from tests.forms import fields_of

pytestmark = pytest.mark.django_db

SECRET = "Zeppelin under wraps"


@pytest.fixture
def owner():
    return make_institution(name="Severn Festival")


@pytest.fixture
def draft(owner):
    return make_resource(owner, publish=False, title=SECRET, slug="zeppelin", keywords=["zeppelinry"])


@pytest.fixture
def outsider():
    return make_user("contributor", "manager")


@pytest.fixture
def browser(outsider):
    client = Client()
    client.force_login(outsider)
    return client


def test_the_page_chooser_shows_no_drafts_of_others(browser, owner, draft):
    shown = make_resource(owner, title="Published kite")
    parent = InstitutionPage.objects.get(institution=owner).pk
    query = {"page_type": "catalogue.ResourcePage"}
    for url, more in (
        (reverse("wagtailadmin_choose_page"), {}),
        (reverse("wagtailadmin_choose_page_child", args=(parent,)), {}),
        (reverse("wagtailadmin_choose_page_child", args=(draft.pk,)), {}),
        (reverse("wagtailadmin_choose_page_search"), {"q": "Zeppelin"}),
        (reverse("wagtailadmin_choose_page_search"), {"q": ""}),
    ):
        assert SECRET not in browser.get(url, {**query, **more}).content.decode(), url
    found = browser.get(reverse("wagtailadmin_choose_page_child", args=(parent,)), query).content.decode()
    assert shown.title in found, "what is published can be chosen"
    assert is_denied(browser.get(reverse("wagtailadmin_choose_page_chosen_multiple"), {"id": draft.pk}))


def test_the_page_chooser_shows_the_published_title_beside_a_newer_draft(browser, owner):
    shown = make_resource(owner, title="Published kite")
    revise(shown, title=SECRET)
    parent = InstitutionPage.objects.get(institution=owner).pk
    for url, query in (
        (reverse("wagtailadmin_choose_page_child", args=(parent,)), {}),
        (reverse("wagtailadmin_choose_page_search"), {"q": "kite"}),
        (reverse("wagtailadmin_choose_page_search"), {"q": "Zeppelin"}),
    ):
        assert SECRET not in browser.get(url, {"page_type": "catalogue.ResourcePage", **query}).content.decode(), url


def test_keywords_of_drafts_are_not_offered_to_others(browser, owner, draft):
    make_resource(owner, keywords=["zeppelins aloft"])
    for url in (
        reverse("keyword_autocomplete"),
        "/admin/tag-autocomplete/",
        "/admin/tag-autocomplete/catalogue/keyword/",
        reverse("wagtailadmin_tag_model_autocomplete", args=("catalogue", "keyword")),
    ):
        assert json.loads(browser.get(url, {"term": "zepp"}).content) == ["zeppelins aloft"], url
    insider = Client()
    insider.force_login(make_user("contributor", institution=owner))
    assert "zeppelinry" in json.loads(insider.get("/admin/tag-autocomplete/catalogue/keyword/", {"term": "zepp"}).content)


def test_the_admin_api_lists_nothing(browser, draft):
    assert is_denied(browser.get(reverse("wagtailadmin_api:pages:listing"), {"fields": "title"}))
    assert is_denied(browser.get(reverse("wagtailadmin_api:pages:detail", args=(draft.pk,))))
    assert is_denied(browser.get(reverse("wagtailadmin_api:images:listing")))
    assert is_denied(browser.get(reverse("wagtailadmin_api:documents:listing")))


@pytest.mark.parametrize("report", ["locked_pages", "workflow", "workflow_tasks", "site_history", "aging_pages", "page_types_usage"])
def test_reports_are_for_superusers(browser, report):
    assert is_denied(browser.get(reverse(f"wagtailadmin_reports:{report}")))
    assert is_denied(browser.get(reverse(f"wagtailadmin_reports:{report}"), {"export": "csv"}))
    assert is_denied(browser.get(reverse(f"wagtailadmin_reports:{report}_results")))


def test_the_search_of_the_admin_finds_no_drafts_of_others(browser, draft):
    for url in (
        reverse("wagtailadmin_pages:search"),
        reverse("wagtailadmin_pages:search_results"),
        reverse("wagtailadmin_explore_root"),
        reverse("wagtailadmin_explore", args=(InstitutionPage.objects.get(institution=draft.institution).pk,)),
        reverse("wagtailadmin_explore_results", args=(draft.pk,)),
    ):
        assert SECRET not in browser.get(url, {"q": "Zeppelin"}, follow=True).content.decode(), url


def test_an_editing_session_says_nothing_of_others(browser, draft):
    url = reverse("wagtailadmin_editing_sessions:ping", args=("wagtailcore", "page", draft.pk, 999_999))
    assert browser.post(url).status_code in {302, 403, 404}


def test_people_are_listed_for_the_secretariat_alone(browser):
    for name in ("people_list", "person_add", "wagtailusers_users:index", "wagtailusers_groups:index"):
        assert is_denied(browser.get(reverse(name))), name
    curator = Client()
    curator.force_login(make_user("curator"))
    assert is_denied(curator.get(reverse("people_list")))


def test_the_secretariat_cannot_make_itself_a_superuser():
    person = make_user("secretariat")
    client = Client()
    client.force_login(person)
    assert is_denied(client.get(reverse("wagtailusers_users:edit", args=(person.pk,))))
    data = {"name": "X", "email": person.email, "roles": ["secretariat"], "language": "en", "is_active": "on", "is_superuser": "on"}
    client.post(reverse("person_edit", args=(person.pk,)), data)
    person.refresh_from_db()
    assert not person.is_superuser


@pytest.mark.parametrize("role", ["contributor", "manager", "curator"])
def test_vocabularies_are_the_secretariats(role):
    client = Client()
    client.force_login(make_user(role))
    assert is_denied(client.get(reverse("wagtailsnippets_catalogue_subject:list")))
    assert is_denied(client.get(reverse("wagtailsnippets_catalogue_licence:add")))


def test_the_secretariat_edits_terms_and_deletes_none():
    from catalogue.vocabulary import Subject  # noqa: PLC0415

    client = Client()
    client.force_login(make_user("secretariat"))
    term = Subject.objects.get(slug="physics")
    url = reverse("wagtailsnippets_catalogue_subject:edit", args=(term.pk,))
    form = fields_of(client.get(url).content.decode(), form_id="w-editor-form")
    assert client.post(url, {**form, "labels_en": "Physics, all of it", "slug": "other"}).status_code == 302
    term.refresh_from_db()
    assert term.labels["en"] == "Physics, all of it"
    assert term.labels["fr"] == "Physique"
    assert term.slug == "physics"
    assert is_denied(client.post(reverse("wagtailsnippets_catalogue_subject:delete", args=(term.pk,))))
    assert is_denied(client.post(reverse("wagtail_bulk_action", args=("catalogue", "subject", "delete")) + f"?id={term.pk}"))
    for vocabulary in ("resourcetype", "audience", "setting", "costband", "accessibilityfeature", "licence"):
        assert client.get(reverse(f"wagtailsnippets_catalogue_{vocabulary}:list")).status_code == 200, vocabulary
        assert client.get(reverse(f"wagtailsnippets_catalogue_{vocabulary}:add")).status_code == 200, vocabulary


def test_images_are_the_sites_and_documents_are_not_there(browser):
    for name in ("wagtailimages:index", "wagtailimages:add", "wagtailimages:add_multiple", "wagtailimages_chooser:choose"):
        assert is_denied(browser.get(reverse(name))), name
    assert not apps.is_installed("wagtail.documents")
    with pytest.raises(NoReverseMatch):
        reverse("wagtaildocs:index")


def editor(client, institution):
    url = reverse("wagtailadmin_pages:add", args=("catalogue", "resourcepage", institution.page.pk))
    return url, fields_of(client.get(url).content.decode(), form_id="page-edit-form")


def test_naming_somebodys_draft_as_the_original_shows_nothing_of_it(browser, outsider, draft):
    url, form = editor(browser, outsider.institution)
    response = browser.post(url, {**form, "title": "Luftschiff", "slug": "luftschiff", "translation_of": draft.pk})
    assert SECRET not in response.content.decode()
    assert not ResourcePage.objects.filter(translation_of=draft).exists()
    response = browser.post(url, {**form, "title": "Luftschiff", "slug": "luftschiff", "adapted_from": str(draft.work_id)})
    assert not ResourcePage.objects.filter(adapted_from=draft.work_id).exists()
    assert SECRET not in response.content.decode()


def test_a_file_of_another_institution_is_not_taken(browser, outsider, owner):
    theirs = StoredObject.objects.create(institution=owner, filename="secret-plan.pdf", declared_size=3, key="objects/theirs")
    url, form = editor(browser, outsider.institution)
    said = {"caption": "", "alt_text": "", "focal_point_x": 50, "focal_point_y": 0, "ORDER": 1}
    row = {"files-TOTAL_FORMS": 1, "files-0-stored_object": theirs.pk, **{f"files-0-{name}": value for name, value in said.items()}}
    response = browser.post(url, {**form, **row, "title": "With a file", "slug": "with-a-file"})
    assert "secret-plan.pdf" not in response.content.decode()
    assert not ResourcePage.objects.filter(files__stored_object=theirs).exists()
    own = StoredObject.objects.create(institution=outsider.institution, filename="kite.pdf", declared_size=3, key="objects/own")
    browser.post(url, {**form, **row, "files-0-stored_object": own.pk, "title": "With a file", "slug": "with-a-file"})
    assert ResourcePage.objects.filter(files__stored_object=own).exists()


def test_a_script_typed_into_the_editor_is_gone(browser, outsider):
    url, form = editor(browser, outsider.institution)
    content = {
        "blocks": [
            {
                "key": "a",
                "type": "unstyled",
                "depth": 0,
                "text": "Hello",
                "inlineStyleRanges": [],
                "entityRanges": [{"key": 0, "offset": 0, "length": 5}],
            }
        ],
        "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}},
    }
    browser.post(url, {**form, "title": "Evil", "slug": "evil", "body": json.dumps(content)})
    made = ResourcePage.objects.get(slug="evil")
    assert "javascript" not in made.body
    assert "Hello" in made.body


def test_a_draft_is_nowhere_on_the_site(client, draft):
    assert client.get(draft.url).status_code == 404
    for url in ("/en/", "/en/catalogue/", "/en/institutions/", draft.get_parent().url):
        page = client.get(url)
        assert page.status_code == 200
        assert SECRET not in page.content.decode()


def test_the_account_page_opens_and_changes_no_login(browser, outsider):
    url = reverse("wagtailadmin_account")
    assert browser.get(url).status_code == 200
    browser.post(url, {"name_email-email": "other@example.org", "name_email-first_name": "X", "name_email-last_name": "Y"})
    email = outsider.email
    outsider.refresh_from_db()
    assert outsider.email == email


def test_people_of_an_ended_membership_can_do_nothing(owner, draft):
    from catalogue.services import set_institution_active  # noqa: PLC0415

    client = Client()
    client.force_login(make_user("contributor", institution=owner))
    url = reverse("wagtailadmin_pages:edit", args=(draft.pk,))
    assert client.get(url).status_code == 200
    set_institution_active(owner, active=False, by=None)
    assert is_denied(client.get(url))
    assert reload(draft).title == SECRET


def test_a_link_in_a_text_tells_no_address_of_others_drafts(browser, outsider, draft):
    """The last part of a draft's address is its title."""
    link = f'<p>See <a linktype="page" id="{draft.pk}">this</a>.</p>'
    mine = make_resource(outsider.institution, publish=False, body=link)
    published = make_resource(outsider.institution, body=link)
    pages = (
        browser.get(reverse("wagtailadmin_pages:view_draft", args=(mine.pk,))),
        browser.get(reverse("wagtailadmin_pages:edit", args=(mine.pk,))),
        Client().get(published.get_url()),
    )
    for page in pages:
        assert page.status_code == 200
        assert draft.slug not in page.content.decode()


def test_a_link_in_a_text_leads_to_what_is_published(browser, outsider, owner):
    shown = make_resource(owner, title="Published kite", slug="published-kite")
    link = f'<p>See <a linktype="page" id="{shown.pk}">this</a>.</p>'
    mine = make_resource(outsider.institution, body=link)
    assert f'<a href="{shown.get_url()}">this</a>' in Client().get(mine.get_url()).content.decode()
    assert "published-kite" in browser.get(reverse("wagtailadmin_pages:edit", args=(mine.pk,))).content.decode()


def test_what_an_institution_gave_is_gone_from_its_pages_when_its_membership_ends(owner):
    shown = make_resource(owner, title="Published kite")
    addresses = [shown.get_url(), InstitutionPage.objects.get(institution=owner).get_url()]
    assert [Client().get(address).status_code for address in addresses] == [200, 200]
    set_institution_active(owner, False, by=None)
    assert [Client().get(address).status_code for address in addresses] == [404, 404]
    set_institution_active(owner, True, by=None)
    assert [Client().get(address).status_code for address in addresses] == [200, 200]
