"""Real collections come in through the import, are found, opened and downloaded through HTTP, from the real store."""

import hashlib
import json
import re
from collections import Counter
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from django.conf import settings

from catalogue.models import ResourcePage
from core import jobs
from tests.factories.media import ensure_bucket
from tests.factories.members import make_institution
from tests.real_input import astroedu, citsci, cs_unplugged, mit_ocw, phet

pytestmark = [pytest.mark.shared_data, pytest.mark.django_db]


@pytest.fixture
def site(client, live_index):
    """The site as a visitor uses it."""
    ensure_bucket(settings.S3_BUCKET)
    return Visitor(client, live_index)


class Visitor:
    """Asks through HTTP only; `catch_up` is what the worker does meanwhile."""

    def __init__(self, client, catch_up):
        self.client = client
        self.catch_up = catch_up

    def find(self, words, **facets):
        query = "&".join(f"{name}={quote(value)}" for name, value in {"q": words, **facets}.items())
        answer = self.client.get(f"/api/v1/resources?{query}&page_size=100")
        assert answer.status_code == 200
        return json.loads(answer.content)

    def titles(self, words, **facets):
        return [result["title"] for result in self.find(words, **facets)["results"]]

    def page_of_results(self, words, language="en"):
        answer = self.client.get(f"/{language}/search/?q={quote(words)}")
        assert answer.status_code == 200
        return answer.content.decode()

    def record(self, words):
        found = self.find(words)["results"][0]
        return json.loads(self.client.get(f"/api/v1/resources/{found['id']}").content)

    def open(self, url):
        answer = self.client.get(url.removeprefix(settings.SITE_URL), follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    def download(self, url):
        """Follow the download to the store, as a browser does; returns the bytes and the headers."""
        answer = self.client.get(url.removeprefix(settings.SITE_URL))
        assert answer.status_code == 302
        with urlopen(answer["Location"], timeout=20) as response:  # noqa: S310 - an address of the test's own store
            return response.read(), response.headers


def test_phet_simulations(site, collection, take_in, shared, subtests):
    records = collection("phet_simulations")
    rows = [phet.row(record) for record in records]
    poster = shared / "media" / "ok" / "csu-divide.png"
    guide = shared / "media" / "ok" / "maint-guide.zh-cn.pdf"
    rows[0]["files"] = [poster.name, guide.name]
    institution = make_institution(slug="phet", name="PhET Interactive Simulations", country="US")
    status, report = take_in(rows, institution)
    site.catch_up()

    with subtests.test("what the collection says in full is published, the rest are drafts that say what is missing"):
        whole = [record for record in records if "en" in record["title"] and record.get("subjects") and record.get("description")]
        assert ResourcePage.objects.filter(live=True).count() == len(whole) == site.find("")["count"]
        assert ResourcePage.objects.count() == len(records)
        assert status == 1
        drafts = {re.match(r"Line (\d+)", line)[1] for line in report if "still missing" in line}
        assert len(drafts) == len(records) - len(whole)

    with subtests.test("language tags that leave the language open are reported, not invented"):
        reported = [line for line in report if "alternative_titles" in line]
        assert [re.search("“(.*?)”", line)[1] for line in reported if "is not a language tag" in line] == ["sh"]
        simulation = ResourcePage.objects.get(identifier="phet-acid-base-solutions")
        assert simulation.language == "en"
        assert len(simulation.alternative_titles) == len(records[0]["title"]) - 1
        assert simulation.alternative_titles["zh-Hans"] == records[0]["title"]["zh-Hans"]

    with subtests.test("a simulation is found by its English words and by titles in other languages"):
        assert site.titles("acid base solutions")[0] == "Acid-Base Solutions"
        for language in ("fr", "de", "zh-Hans", "ja", "ar", "ru", "es"):
            assert "Acid-Base Solutions" in site.titles(records[0]["title"][language]), language

    with subtests.test("facets narrow it down"):
        answer = site.find("", resource_type="simulation", subject="chemistry")
        assert answer["count"] == sum(record.get("subjects") == ["Chemistry"] for record in records)
        assert {choice["value"]: choice["count"] for choice in answer["facets"]["licence"]} == {"CC-BY-4.0": answer["count"]}

    with subtests.test("it is opened, and its files come from the store as they went in"):
        record = site.record("acid base solutions")
        assert "Acid-Base Solutions" in site.open(record["url"])
        files = {file["name"]: file for file in record["editions"][0]["files"]}
        for path in (poster, guide):
            body, headers = site.download(files[path.name]["download_url"])
            assert hashlib.sha256(body).hexdigest() == files[path.name]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
            assert headers["Content-Disposition"].startswith("attachment")

    with subtests.test("the worker makes a thumbnail, which the page shows"):
        jobs.run_due(10)
        assert "preview/" in site.open(record["url"])


def test_astroedu_activities(site, collection, take_in, shared, subtests):
    records = collection("astroedu_activities")
    rows, remarks = [], []
    for record in records:
        found, left_out = astroedu.rows(record)
        rows += found
        remarks += left_out
    video = shared / "media" / "ok" / "bigbuckbunny.mp4"
    rows[0]["files"] = ["sample.pptx", video.name]
    institution = make_institution(slug="astroedu", name="IAU astroEDU", country="NL")
    _status, report = take_in(rows, institution)
    site.catch_up()

    with subtests.test("what has no equal in our vocabularies was left out and said, nothing else"):
        assert {field for field, _value in remarks} == {"subjects", "setting", "duration_minutes"}
        assert ("duration_minutes", "1 day") in remarks
        assert ("subjects", "Astronomical databases") in remarks

    with subtests.test("works in English, many of them in Italian, too; what is left without a subject is a draft"):
        whole = [row for row in rows if row.get("subjects")]
        in_italian = [row for row in whole if row["languages"] == ["it"]]
        assert (len(rows), len(whole), len(in_italian)) == (117, 110, 34)
        assert report[-1] == "117 rows: 117 new, 0 changed, 0 as they were, 0 not taken in."
        assert {re.sub(r"^Line \d+, ", "", line) for line in report[:-1]} == {
            "subjects: Please choose at least one subject. [still missing, so it is a draft]"
        }
        assert site.find("")["count"] == len(whole) - len(in_italian)
        assert site.find("", language="it")["count"] == len(in_italian)

    with subtests.test("a work is found in either language, and shown in the one that was asked in"):
        [found] = [result["id"] for result in site.find("progetta il tuo alieno")["results"]][:1]
        assert site.find("design your alien")["results"][0]["id"] == found
        assert site.titles("progetta il tuo alieno")[0] == site.titles("design your alien", language="it")[0] == "Progetta il tuo alieno"
        assert "Design Your Alien" in site.page_of_results("alien")

    with subtests.test("facets of practice"):
        assert "Design Your Alien" in site.titles("", audience="lower-secondary", subject="earth-and-climate")

    with subtests.test("both editions stand in one record, each with its text"):
        record = site.record("design your alien")
        assert [edition["language"] for edition in record["editions"]] == ["en", "it"]
        assert record["editions"][1]["translation_of"] == record["editions"][0]["id"]
        assert record["editions"][0]["age_min"] == 8
        assert record["editions"][0]["duration_minutes"] == 120
        assert "Progetta" in record["editions"][1]["title"]
        assert "Progetta il tuo alieno" in site.open(record["editions"][1]["url"])

    with subtests.test("its files come from the store as they went in"):
        files = {file["name"]: file for file in record["editions"][0]["files"]}
        body, _headers = site.download(files[video.name]["download_url"])
        assert body == video.read_bytes()
        assert files["sample.pptx"]["type"].endswith("presentationml.presentation")

    with subtests.test("and all of it again changes nothing"):
        _status, report = take_in(rows, institution)
        assert report[-1] == "117 rows: 0 new, 0 changed, 117 as they were, 0 not taken in."


def sentences(report):
    """Count the report's lines by field and sentence, what is quoted in them left away."""
    found = (re.fullmatch(r"Line \d+, (\w+): (.*)", line) for line in report)
    return Counter(f"{match[1]}: {re.sub('“.*?”', '“…”', match[2])}" for match in found if match)


def test_citizen_science_of_63_countries(collection, take_in):
    found = [citsci.row(record) for record in collection("citsci_projects")]
    rows, remarks = [row for row, _remarks in found], [remark for _row, some in found for remark in some]
    countries = {keyword for row in rows for keyword in row["keywords"][1:]}
    assert (len(rows), len(countries)) == (515, 61)  # "world" and "europe" are no countries
    assert Counter(value for field, value in remarks if field == "country") == {"world": 31, "europe": 14}
    institution = make_institution(slug="citsci", name="Citizen Science Project Explorer", country="BE")
    status, report = take_in(rows, institution)
    assert (status, report[-1]) == (1, "515 rows: 515 new, 0 changed, 0 as they were, 0 not taken in.")
    assert sentences(report) == {
        "licence: “…” is not a term of the vocabulary. [value left out]": 515,
        "licence: Please choose a licence: without one nobody may use it. [still missing, so it is a draft]": 515,
        "url: “…” is not a web address that begins with https:// or http://. [value left out]": 36,
        "files: Please add a file, a description or a web address: so far there is nothing to use. [still missing, so it is a draft]": 36,
        "subjects: Please choose at least one subject. [still missing, so it is a draft]": sum(not row["subjects"] for row in rows),
    }
    assert ResourcePage.objects.filter(live=True).count() == 0


def test_cs_unplugged_in_six_languages(site, collection, take_in):
    records = collection("cs_unplugged")
    rows = [row for record in records for row in cs_unplugged.rows(record)]
    presumed = sum(row["licence"] not in cs_unplugged.LICENCES for row in rows)
    institution = make_institution(slug="csu", name="CS Unplugged", country="NZ")
    _status, report = take_in(rows, institution)
    site.catch_up()
    assert report[-1] == "430 rows: 430 new, 0 changed, 0 as they were, 0 not taken in."
    assert sentences(report) == {
        "licence: “…” is not a term of the vocabulary. [value left out]": presumed,
        "licence: Please choose a licence: without one nobody may use it. [still missing, so it is a draft]": presumed,
    }
    assert ResourcePage.objects.filter(live=True).count() == len(rows) - presumed
    assert ResourcePage.objects.values("work_id").distinct().count() == len(records) == 212
    assert {row["languages"][0] for row in rows} == {"en", "fr", "mi", "de", "es", "zh-Hans"}
    parity = site.record("parity")
    assert {edition["language"] for edition in parity["editions"]} == {"en", "fr", "mi"}
    assert site.find("", language="mi")["count"] == sum(row["languages"] == ["mi"] and row["licence"] == "CC-BY-SA-4.0" for row in rows)


def test_mit_videos_with_captions(site, collection, take_in):
    records = collection("mit_ocw_videos")
    rows = [mit_ocw.row(record) for record in records]
    institution = make_institution(slug="mit", name="MIT OpenCourseWare", country="US")
    _status, report = take_in(rows, institution)
    site.catch_up()
    assert report[-1] == "74 rows: 74 new, 0 changed, 0 as they were, 0 not taken in."
    assert sentences(report) == {"languages: Please say which language it is in. [still missing, so it is a draft]": 1}
    assert site.find("", resource_type="video")["count"] == 73
    markov = ResourcePage.objects.get(identifier="youtube-lGGDIGizcQ0")
    assert (markov.live, markov.language, markov.duration_minutes, markov.year) == (True, "en-US", 52, 2019)
    assert [feature.slug for feature in markov.accessibility.all()] == ["captions"]
    assert "24. Markov Matrices; Fourier Series" in site.titles("markov matrices fourier series")
    _status, report = take_in([mit_ocw.row(records[0], licences={})], institution)
    assert sentences(report)["licence: “…” is not a term of the vocabulary. [value left out]"] == 1
