"""Saved searches as pages: kept, listed with numbers, changed, deleted, and stopped from a mail without signing in."""

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core import clock
from members.models import User
from search import sync
from search.models import Alert, SavedSearch
from search.saved import services
from search.saved.mail import mail_about
from search.saved.news import News, Numbers
from search.types import SearchRequest
from tests.factories.catalogue import make_resource
from tests.factories.members import make_user
from tests.forms import fields_of
from tests.functional.pages.readable import faults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    """A request leaves its language behind in the thread; the next test begins in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def ada(client):
    """A person without institution or role, signed in."""
    user = make_user(name="Ada")
    client.force_login(user)
    return user


def save(owner, name="Soap", frequency="daily", **asked):
    return services.save_search(owner, SearchRequest(**{"q": "soap", **asked}), name=name, frequency=frequency)


def page(response):
    return BeautifulSoup(response.content.decode(), "html.parser")


def first_way_to_follow(results):
    return results.find("p", class_="follow").a


class TestKeeping:
    def test_from_the_results_to_the_list(self, client, ada, live_index):
        make_resource(title="Savon", language="fr")
        sync.catch_up()
        results = page(client.get("/en/search/?q=savon&language=fr&sort=title&since=2020-01-01"))
        form = page(client.get(first_way_to_follow(results)["href"]))
        assert [item.text for item in form.find("ul", class_="asks").find_all("li")] == ["“savon”", "Language: French"]
        fields = fields_of(str(form.main))
        assert fields["name"] == ["savon, French"]
        address = reverse("saved_search_add") + "?q=savon&language=fr&sort=title"
        response = client.post(address, {"name": "My soap", "frequency": "weekly"})
        assert response.headers["Location"] == reverse("saved_searches")
        saved = SavedSearch.objects.get()
        assert (saved.owner, saved.name, saved.frequency, saved.language) == (ada, "My soap", "weekly", "en")
        assert saved.parameters == [["q", "savon"], ["language", "fr"], ["sort", "title"]]
        listed = page(client.get(reverse("saved_searches")))
        assert listed.find("h2").a["href"] == "/en/search/?q=savon&language=fr&sort=title"
        assert "1 resource" in listed.main.text
        assert "Every Monday" in listed.main.text

    def test_who_is_not_signed_in_is_led_to_do_so_and_back(self, client, live_index):
        results = page(client.get("/en/search/?q=soap"))
        response = client.get(first_way_to_follow(results)["href"])
        assert response.headers["Location"] == "/en/login/?next=/en/searches/save/%3Fq%3Dsoap"

    def test_the_results_say_that_they_are_saved(self, client, ada, live_index):
        saved = save(ada, name="My soap")
        link = first_way_to_follow(page(client.get("/en/search/?q=soap")))
        assert (link.text.strip(), link["href"]) == ("Saved as “My soap”", reverse("saved_search", args=[saved.pk]))
        assert first_way_to_follow(page(client.get("/en/search/?q=bubbles"))).text.strip() == "Save this search"

    def test_the_same_search_is_not_kept_twice(self, client, ada):
        saved = save(ada, name="My soap")
        assert client.get("/en/searches/save/?q=soap").headers["Location"] == reverse("saved_search", args=[saved.pk])
        response = client.post("/en/searches/save/?q=soap", {"name": "Again", "frequency": "never"})
        assert response.status_code == 400
        assert "You have saved this search already, as “My soap”." in page(response).main.text

    def test_fifty_are_enough(self, client, ada):
        for number in range(50):
            save(ada, q=f"word{number}")
        response = client.post("/en/searches/save/?q=more", {"name": "More", "frequency": "never"})
        assert response.status_code == 400
        assert "You have 50 saved searches" in page(response).main.text
        assert ada.saved_searches.count() == 50

    @pytest.mark.parametrize(
        ("address", "fields", "sentence"),
        [
            ("?q=soap", {"name": " ", "frequency": "daily"}, "This field is required"),
            ("?q=soap", {"name": "Soap", "frequency": "hourly"}, "hourly"),
            ("?q=" + "x" * 501, {"name": "Soap", "frequency": "daily"}, "too long"),
        ],
    )
    def test_what_cannot_be_kept_gets_a_sentence(self, client, ada, address, fields, sentence):
        response = client.post(f"/en/searches/save/{address}", fields)
        assert response.status_code == 400
        assert sentence in page(response).main.text
        assert not SavedSearch.objects.exists()


class TestTheList:
    def test_it_counts_what_is_new_since_the_last_mail(self, client, ada, live_index):
        make_resource(title="Old soap")
        saved = save(ada)
        told, fresh = make_resource(title="Told soap"), make_resource(title="Fresh soap")
        Alert.objects.create(saved_search=saved, work_ids=[str(told.work_id)], sent_at=clock.now())
        SavedSearch.objects.update(last_sent_at=clock.now())
        sync.catch_up()
        assert services.numbers_of([saved]) == {saved.pk: Numbers(works=3, news=1)}
        assert "1 new since the last mail" in page(client.get(reverse("saved_searches"))).main.text
        assert fresh.live

    def test_numbers_are_those_of_the_search_page(self, client, ada, live_index):
        for language in ("fr", "fr", "de"):
            make_resource(language=language)
        sync.catch_up()
        save(ada, q="", selections={"language": ("fr",)})
        [row] = client.get(reverse("saved_searches")).context["rows"]
        assert row["numbers"].works == client.get(row["url"]).context["results"].count == 2

    def test_it_opens_while_search_is_away(self, client, ada, line):
        save(ada, name="My soap")
        line.cut()
        response = client.get(reverse("saved_searches"))
        assert response.status_code == 200
        assert "My soap" in page(response).main.text
        assert "Nothing is lost" in page(response).main.text

    def test_it_is_in_the_language_of_the_page(self, client, ada):
        save(ada, selections={"country": ("DE",)})
        assert [item.text for item in page(client.get("/fr/searches/")).find("ul", class_="asks").find_all("li")][1].endswith("Allemagne")


@pytest.mark.parametrize("language", ["en", "fr", "zh-hans"])
def test_every_page_is_readable_and_carries_nothing_inline(client, ada, live_index, language):
    saved = save(ada)
    SavedSearch.objects.update(last_sent_at=clock.now())
    with translation.override(language):
        addresses = [reverse("saved_searches"), reverse("saved_search_add") + "?q=more", reverse("saved_search", args=[saved.pk])]
        addresses += [reverse("alert_stop", args=[token]) for token in (services.stop_token(saved), "cut")]
    for address in addresses:
        assert (address, faults(page(client.get(address)), language=language)) == (address, [])


class TestChanging:
    def test_name_and_frequency(self, client, ada):
        saved = save(ada)
        fields = fields_of(str(page(client.get(reverse("saved_search", args=[saved.pk]))).main.form))
        assert (fields["name"], fields["frequency"]) == (["Soap"], ["daily"])
        client.post(reverse("saved_search", args=[saved.pk]), {"name": "Bubbles", "frequency": "at-once"})
        saved.refresh_from_db()
        assert (saved.name, saved.frequency) == ("Bubbles", "at-once")

    def test_deleting(self, client, ada):
        saved = save(ada)
        assert client.get(reverse("saved_search_delete", args=[saved.pk])).status_code == 405
        client.post(reverse("saved_search_delete", args=[saved.pk]))
        assert not SavedSearch.objects.exists()

    def test_nobody_elses(self, client, ada):
        other = save(make_user())
        for name in ("saved_search", "saved_search_delete"):
            assert client.post(reverse(name, args=[other.pk]), {"name": "Mine", "frequency": "never"}).status_code == 404
        other.refresh_from_db()
        assert other.name == "Soap"

    def test_they_go_with_their_owner(self, ada):
        save(ada)
        Alert.objects.create(saved_search=SavedSearch.objects.get())
        User.objects.filter(pk=ada.pk).delete()
        assert not SavedSearch.objects.exists()
        assert not Alert.objects.exists()


class TestStopping:
    @pytest.fixture
    def stop_url(self, ada, settings):
        """The address in the mail's header, and in its text."""
        settings.SITE_URL = "https://library.example"
        mail_about(save(ada), News(1, (), ())).send()
        [message] = mail.outbox
        address = message.extra_headers["List-Unsubscribe"].strip("<>")
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert address in message.body
        return address.removeprefix("https://library.example")

    @pytest.fixture
    def stranger(self):
        return Client(enforce_csrf_checks=True)

    def test_opening_the_link_changes_nothing_and_shows_one_button(self, stranger, stop_url):
        response = stranger.get(stop_url)
        assert response.status_code == 200
        assert len(page(response).main.find_all("button")) == 1
        assert SavedSearch.objects.get().frequency == "daily"

    @pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "One-Click"}])
    def test_the_button_and_the_mail_program_stop_it_without_signing_in(self, stranger, stop_url, body):
        for _ in range(2):  # a mail program may say so twice
            response = stranger.post(stop_url, body)
            assert response.status_code == 200
        assert SavedSearch.objects.get().frequency == "never"
        assert "no more of these mails" in page(response).h1.text

    def test_it_stops_that_one_search_alone(self, stranger, stop_url, ada):
        other = save(ada, q="bubbles")
        stranger.post(stop_url)
        other.refresh_from_db()
        assert other.frequency == "daily"

    def test_of_a_deleted_search_it_says_that_no_more_will_come(self, stranger, stop_url):
        SavedSearch.objects.all().delete()
        assert "was deleted" in page(stranger.post(stop_url)).main.text

    def test_a_link_that_was_cut_or_made_up_stops_nothing(self, stranger, stop_url):
        saved = SavedSearch.objects.get()
        for address in (stop_url[:-3] + "/", reverse("alert_stop", args=[f"{saved.pk}:x"]), reverse("alert_stop", args=[saved.pk])):
            response = stranger.post(address)
            assert response.status_code == 404
            assert "not whole" in page(response).main.text
        saved.refresh_from_db()
        assert saved.frequency == "daily"
