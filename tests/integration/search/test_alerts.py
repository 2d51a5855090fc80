"""Mails about saved searches: whom they reach, when, about what; each work once, nothing lost, whoever is away or killed."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from catalogue.models import ResourcePage
from core import clock, jobs, tick
from core.models import Job
from members.services import set_active
from search import sync, vectors
from search.models import Alert, SavedSearch, WorkSync
from search.saved import alerts, services
from search.saved.news import Numbers
from search.types import SearchRequest
from tests.factories.catalogue import make_resource, revise
from tests.factories.members import make_institution, make_user
from tests.smtp_server import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words_alone(settings):
    """The factories' works are all alike in meaning; the tests about meaning switch the encoder on again."""
    settings.SEARCH_ENCODER = ""


def save(frequency="at-once", owner=None, name="My search", **asked):
    return services.save_search(owner or make_user(), SearchRequest(**asked), name=name, frequency=frequency)


def look(after=dt.timedelta(seconds=30)):
    """Let the clock go on, look for what is due, and do the jobs; the index follows first."""
    with clock.travel(clock.now() + after):
        sync.catch_up()
        alerts.look()
        jobs.run_due(kinds=frozenset({"search.alert"}))


def told():
    """Return the titles named in each mail, mail after mail."""
    return [re.findall(r"^\* (.*)$", message.body, re.MULTILINE) for message in mail.outbox]


@pytest.mark.usefixtures("live_index")
class TestWhatIsNews:
    def test_only_what_fits_and_was_published_since(self):
        make_resource(title="Old soap")
        save(q="soap")
        make_resource(title="New soap")
        make_resource(title="Magnets", abstract="Iron filings.", body="")
        make_resource(title="Draft of soap", publish=False)
        look()
        assert told() == [["New soap"]]

    def test_each_work_is_told_once(self):
        save(q="soap")
        edition = make_resource(title="Soap one")
        look()
        revise(edition, abstract="Soap, better told.").publish()
        look()
        make_resource(title="Soap two")
        look()
        assert told() == [["Soap one"], ["Soap two"]]

    def test_what_begins_to_fit_by_an_edit_is_told_when_it_does(self):
        save(q="zeppelin")
        edition = make_resource(title="Airship")
        look()
        assert told() == []
        revise(edition, title="Zeppelin").publish()
        look()
        assert told() == [["Zeppelin"]]

    def test_the_edition_that_is_new_must_be_one_of_those_selected(self):
        original = make_resource(title="Soap boats")
        save(q="soap", selections={"language": ("fr",)})
        make_resource(title="Seifenboote", language="de", translation_of=original)
        look()
        assert told() == []
        make_resource(title="Bateaux à savon", language="fr", translation_of=original)
        look()
        assert told() == [["Bateaux à savon"]]

    def test_a_filter_whose_choice_is_gone_finds_nothing_rather_than_everything(self):
        saved = save(selections={"institution": ("festival-gone",)})
        make_resource()
        look()
        assert told() == []
        assert services.numbers_of([saved])[saved.pk] == Numbers(0, 0)

    def test_without_news_there_is_no_mail(self):
        save("daily")
        look(dt.timedelta(days=1))
        assert mail.outbox == []
        assert not Alert.objects.exists()

    def test_after_very_many_works_what_must_be_remembered_begins_anew(self, monkeypatch):
        monkeypatch.setattr(alerts, "MAX_NEWS", 2)  # of 10,000
        saved = save(q="soap")
        for number in range(3):
            make_resource(title=f"Soap {number}")
        look()
        later = make_resource(title="Soap later")
        ResourcePage.objects.filter(pk=later.pk).update(first_published_at=clock.now() + dt.timedelta(minutes=1))
        look(dt.timedelta(minutes=2))
        assert [len(titles) for titles in told()] == [3, 1]
        assert len(services.told(SavedSearch.objects.get(pk=saved.pk))) == 1


@pytest.mark.usefixtures("live_index")
class TestAtOnce:
    def test_it_comes_within_a_minute_of_publishing(self):
        save()
        make_resource()
        quickest = alerts.QUIET + alerts.LOOK_EVERY + dt.timedelta(seconds=5)  # the worker arms its tasks every five seconds
        assert quickest < dt.timedelta(minutes=1)
        look(quickest)
        assert len(mail.outbox) == 1

    def test_an_import_of_many_works_gives_one_mail(self):
        save()
        institution, begin = make_institution(), clock.now()
        for number in range(40):  # one a second; a look as often as the worker's
            with clock.travel(begin + dt.timedelta(seconds=number)):
                make_resource(institution, title=f"Experiment {number}")
                if not number % alerts.LOOK_EVERY.seconds:
                    sync.catch_up()
                    alerts.look()
                    jobs.run_due(kinds=frozenset({"search.alert"}))
        assert mail.outbox == []
        look(dt.timedelta(minutes=1))
        look(dt.timedelta(minutes=5))
        assert [message.subject for message in mail.outbox] == ["“My search”: 40 new resources"]
        assert len(told()[0]) == 10
        assert "and 30 more" in mail.outbox[0].body

    def test_works_that_never_stop_coming_do_not_put_it_off_for_ever(self):
        save()
        make_resource(title="First")
        WorkSync.objects.update(changed_at=clock.now() - dt.timedelta(minutes=1))  # since then …
        SavedSearch.objects.update(looked_at=clock.now() - dt.timedelta(minutes=2))
        with clock.travel(clock.now() + alerts.LONGEST_WAIT):  # … one after the other
            make_resource(title="Last")
        look(alerts.LONGEST_WAIT)
        assert {title for titles in told() for title in titles} == {"First", "Last"}

    def test_it_waits_for_what_is_not_in_the_index_yet(self):
        save()
        make_resource()
        with clock.travel(clock.now() + dt.timedelta(minutes=1)):
            alerts.look()
        assert not Job.objects.filter(kind="search.alert").exists()
        look(dt.timedelta(minutes=1))
        assert len(mail.outbox) == 1


class TestMeaning:
    @pytest.fixture(autouse=True)
    def _encoder(self, _words_alone, settings):
        settings.SEARCH_ENCODER = "use-multilingual"

    def test_a_question_finds_what_is_close_in_meaning_in_any_language(self, live_index):
        save(q="how soap bubbles get their colours", name="Bubbles")
        save(q="how soap bubbles get their colours", name="Words", words_only=True)
        make_resource(
            title="I colori delle bolle di sapone", abstract="Perché le bolle di sapone sono colorate?", language="it", subjects=[]
        )
        make_resource(title="Wie ein Dynamo Strom macht", abstract="Ein Magnet dreht sich in einer Spule.", language="de", subjects=[])
        sync.catch_up()
        with clock.travel(clock.now() + dt.timedelta(minutes=1)):
            alerts.look()
        assert not Job.objects.filter(kind="search.alert").exists(), "it waits for the vectors"
        while vectors.encode_lacking():
            pass
        look(dt.timedelta(minutes=1))
        assert [message.subject for message in mail.outbox] == ["“Bubbles”: 1 new resource"]
        assert told() == [["I colori delle bolle di sapone"]]


@pytest.mark.usefixtures("live_index")
class TestDailyAndWeekly:
    @pytest.fixture(autouse=True)
    def _paris(self, settings):
        settings.TIME_ZONE = "Europe/Paris"
        timezone.get_default_timezone.cache_clear()
        yield
        timezone.get_default_timezone.cache_clear()

    def test_mornings_and_mondays_are_those_of_the_site(self):
        paris = ZoneInfo("Europe/Paris")
        early, late = dt.datetime(2026, 3, 29, 6, 59, tzinfo=paris), dt.datetime(2026, 3, 29, 7, 0, tzinfo=paris)  # the clocks changed at 2
        assert alerts.this_morning(early) == dt.datetime(2026, 3, 28, 7, tzinfo=paris)
        assert alerts.this_morning(late.astimezone(dt.UTC)) == dt.datetime(2026, 3, 29, 5, tzinfo=dt.UTC)
        assert alerts.this_monday(late) == dt.datetime(2026, 3, 23, 7, tzinfo=paris)
        assert alerts.this_monday(late + dt.timedelta(days=1)) == dt.datetime(2026, 3, 30, 5, tzinfo=dt.UTC)

    @pytest.mark.parametrize(("frequency", "period", "due"), [("daily", 1, alerts.this_morning), ("weekly", 7, alerts.this_monday)])
    def test_one_mail_a_period_with_all_that_came(self, frequency, period, due):
        save(frequency)
        make_resource(title="One")
        make_resource(title="Two")
        sync.catch_up()
        first = due(clock.now() + dt.timedelta(days=period))
        self._at(first - dt.timedelta(minutes=1))
        assert told() == []
        self._at(first)
        self._at(first + dt.timedelta(minutes=5))
        assert sorted(told()[0]) == ["One", "Two"]
        make_resource(title="Three")
        sync.catch_up()
        self._at(first + dt.timedelta(hours=3))
        assert len(mail.outbox) == 1, "never two in one period"
        self._at(first + dt.timedelta(days=period, hours=1))
        assert told()[1:] == [["Three"]]

    def test_a_worker_that_was_down_sends_when_it_is_back(self):
        save("daily")
        make_resource(title="One")
        sync.catch_up()
        self._at(alerts.this_morning(clock.now()) + dt.timedelta(days=5, hours=9))
        assert told() == [["One"]]

    def _at(self, moment):
        with clock.travel(moment):
            alerts.look()
            jobs.run_due(kinds=frozenset({"search.alert"}))


@pytest.mark.usefixtures("live_index")
class TestTheMail:
    def test_it_says_what_is_new_and_why_it_comes(self, settings):
        settings.SITE_URL = "https://library.example"
        owner = make_user(email="ada@festival.example", language="fr")
        institution = make_institution(name="Severnside", country="FR")
        save(owner=owner, name="Savon", q="soap", language="fr", selections={"language": ("fr", "en")})
        original = make_resource(institution, title="Soap & boats <1>")
        make_resource(institution, title="Bateaux à savon", language="fr", translation_of=original)
        look()
        message = mail.outbox[0]
        assert message.to == ["ada@festival.example"]
        html = next(body for body, kind in message.alternatives if kind == "text/html")
        for text in (message.body, html):
            for part in ("Savon", "Severnside", "France", "Français", "Anglais", "CC BY 4.0", "https://library.example/fr/institutions/"):
                assert part in text, part
            assert "https://library.example/fr/searches/stop/" in text
        assert '<html lang="fr">' in html

    def test_titles_are_text_in_it_never_markup(self):
        save()
        make_resource(title="Soap & boats <script>")
        look()
        html = next(body for body, kind in mail.outbox[0].alternatives if kind == "text/html")
        assert "Soap &amp; boats &lt;script&gt;" in html
        assert "Soap & boats <script>" in mail.outbox[0].body

    def test_a_name_cannot_add_headers(self):
        save(name="Soap\r\nBcc: all@festival.example")
        make_resource()
        look()
        assert mail.outbox[0].subject == "“Soap Bcc: all@festival.example”: 1 new resource"

    def test_who_cannot_sign_in_gets_none(self):
        gone, left = make_user(), make_user("contributor")
        save(owner=gone)
        save(owner=left)
        set_active(gone, active=False, by=None)
        left.institution.is_active = False
        left.institution.save()
        make_resource()
        look()
        assert mail.outbox == []

    def test_a_search_that_only_keeps_writes_never(self):
        save("never")
        make_resource()
        look(dt.timedelta(days=14))
        assert mail.outbox == []

    def test_who_lets_it_write_again_is_not_told_of_all_in_between(self):
        owner = make_user()
        saved = save("never", owner=owner)
        make_resource(title="In between")
        services.change_search(owner, saved.pk, name="Again", frequency="at-once")
        make_resource(title="After")
        look()
        assert told() == [["After"]]


class TestAwayAndKilled:
    def test_while_elasticsearch_is_away_it_waits(self, live_index, line):
        save()
        make_resource(title="Soap")
        sync.catch_up()
        line.cut()
        with clock.travel(clock.now() + dt.timedelta(seconds=30)):
            alerts.look()
            jobs.run_due(kinds=frozenset({"search.alert"}))
        assert mail.outbox == []
        assert Job.objects.get(kind="search.alert").state == Job.State.WAITING
        line.mend()
        with clock.travel(clock.now() + dt.timedelta(minutes=10)):
            jobs.run_due(kinds=frozenset({"search.alert"}))
        assert told() == [["Soap"]]

    def test_killed_between_sending_and_remembering_it_is_sent_once_more_and_no_third_time(self, live_index, monkeypatch):
        saved = save()
        make_resource(title="Soap")
        sync.catch_up()
        remember = alerts._remember
        # the worker is killed after the mail has gone out
        monkeypatch.setattr(alerts, "_remember", lambda *_: (_ for _ in ()).throw(KeyError("killed")))
        with clock.travel(clock.now() + dt.timedelta(seconds=30)):
            alerts.look()
        for minutes in (1, 10):
            self._again(minutes)
        assert len(mail.outbox) == 2
        monkeypatch.setattr(alerts, "_remember", remember)
        make_resource(title="Came in between")
        sync.catch_up()
        self._again(60)
        assert told() == [["Soap"], ["Soap"], ["Came in between"]]
        assert len(services.told(SavedSearch.objects.get(pk=saved.pk))) == 2

    def test_while_the_mail_server_is_away_or_says_later_it_waits(self, live_index, mail_server):
        mail_server.answer = "450 later, please"
        save()
        make_resource(title="Soap")
        look()
        for minutes in range(10, 100, 10):  # more often than a job may fail
            self._again(minutes)
        assert mail_server.taken == []
        mail_server.answer = "250 yes"
        self._again(100)
        self._again(110)
        assert len(mail_server.taken) == 1
        assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in mail_server.taken[0]
        assert Alert.objects.get().sent_at

    def test_an_address_that_is_refused_for_good_is_not_asked_again_and_again(self, live_index, mail_server):
        mail_server.answer = "550 nobody here"
        save()
        make_resource()
        look()
        assert Job.objects.get(kind="search.alert").state == Job.State.DONE
        assert mail_server.taken == []

    def _again(self, minutes):
        with clock.travel(clock.now() + dt.timedelta(minutes=minutes)):
            jobs.run_due(kinds=frozenset({"search.alert"}))

    @pytest.fixture
    def mail_server(self, settings):
        server = MailServer()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield server
        server.close()


def test_the_clock_brings_it(live_index):
    save()
    make_resource(title="Soap")
    sync.catch_up()
    with clock.travel(clock.now() + dt.timedelta(seconds=30)):
        tick.run_due()
        jobs.run_due(kinds=frozenset({"search.alert"}))
    assert told() == [["Soap"]]
