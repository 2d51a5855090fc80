"""Any bytes in any parameter of the search give a page or a clear refusal, never an error of ours; and no syntax means anything."""

import json
import re
from urllib.parse import quote_from_bytes

import pytest
from django.conf import settings as site
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.errors import InvalidInputError
from exchange.api import schemas
from search import address, services
from search.facets import FACETS, RANGE_FACETS
from search.services import search
from search.types import SearchRequest

pytestmark = [pytest.mark.index, pytest.mark.django_db]
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

TYPED = tuple(f"{facet.name}_{end}" for facet in RANGE_FACETS for end in ("min", "max"))
PAGE_PARAMETERS = ("q", "words_only", "since", "sort", "page", *TYPED, *(facet.name for facet in FACETS))
PLACES = {
    "/en/search/": PAGE_PARAMETERS,
    "/zh-hans/search/": PAGE_PARAMETERS,
    "/en/search/feed/": PAGE_PARAMETERS,
    "/en/search/suggest/": ("q",),
    "/api/v1/resources": tuple(schemas.ResourceQuery.model_fields),
    "/api/v1/suggestions": tuple(schemas.SuggestionQuery.model_fields),
}
NASTY = [
    "title:(a OR b)",
    "*:*",
    "year:[* TO *]",
    '"unbalanced',
    "((((",
    "\\",
    "/a+/",
    "a AND NOT",
    "soap~2^9",
    '{"match_all": {}}',
    "<script>alert(1)</script>",
    "${jndi:ldap://x}",
    "' OR 1=1 --",
    "../../etc/passwd",
    "ﷺ" * 100,
    "月" * 500,
    "\u0e01" * 500,
    "é" * 400,
    "e" + "\u0301" * 400,
    "👩‍👩‍👧‍👦" * 40,
    "\u202eright to left\u202c\u2067",
    "\ufeff\u200b\u00ad\u180e",
    "\ud800",
    "\x1b[2J\r\nSet-Cookie: a=b",
    "١٢٣",
    "²",
    "-1",
    "1e9",
    "9" * 400,
    "0x10",
    "NaN",
    "2026-02-30",
    "true",
    "a " * 60,
    "a " * 300,
    "x" * 600,
]
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=80),
    st.text(alphabet='soapvlcn+-&|!(){}[]^"~*?:\\/<>= ', max_size=60),
    st.integers().map(str),
    st.text(alphabet="0123456789٠١٢٣٤߀߁०१²-+.eE_", max_size=30),
)
values = st.one_of(texts.map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=60))


def queries(names):
    """Query strings: known parameters mostly, some repeated a thousand times, percent-encoded or as raw bytes."""
    name = st.one_of(st.sampled_from(names), st.sampled_from(names), st.text(max_size=10)).map(lambda text: text.encode("utf-8", "ignore"))
    times = st.sampled_from([1, 1, 1, 1, 2, 1000])
    encode = st.sampled_from([lambda raw: quote_from_bytes(raw, safe=""), lambda raw: raw.decode("latin-1")])
    pair = st.builds(
        lambda name, value, times, encode: "&".join([f"{quote_from_bytes(name)}={encode(value)}"] * times), name, values, times, encode
    )
    return st.lists(pair, max_size=4).map("&".join)


def ask(path, query, **headers):
    """Ask as it is; a range that was typed leads on to the same page under a shorter address."""
    answer = Client().get(path, QUERY_STRING=query, headers=headers)
    if answer.status_code == 302:
        assert answer.url.startswith(f"{path}?")
        answer = Client().get(answer.url, headers=headers)
    return answer


def is_clear(path, answer):
    """Whether an answer is a page, or a refusal with a sentence."""
    text = answer.content.decode()
    assert answer.status_code in {200, 400, 404, 414}, (answer.status_code, text[:300])
    if answer.status_code >= 400:
        sentence = json.loads(text)["detail"] if path.startswith("/api/") else re.sub("<[^>]*>", " ", text)
        assert re.search(r"\w+ \w+ \w+|[\u4e00-\u9fff]{6}", sentence), text[:300]
    return True


@pytest.mark.parametrize("path", PLACES)
@few
@given(data=st.data())
def test_any_query_string_gets_a_page_or_a_sentence(catalogue, path, data):
    assert is_clear(path, ask(path, data.draw(queries(PLACES[path]))))


@pytest.mark.parametrize("path", ["/en/search/", "/en/search/suggest/", "/api/v1/resources", "/api/v1/suggestions"])
def test_each_nasty_value_in_each_parameter(catalogue, path, subtests, caplog):
    """Those of a facet come all at once, as a reader may choose several."""
    facets = {facet.name for facet in FACETS}
    for name in PLACES[path]:
        pairs = [f"{name}={quote_from_bytes(value.encode('utf-8', 'surrogatepass'), safe='')}" for value in NASTY]
        for query in ["&".join(pairs)] if name in facets else pairs:
            with subtests.test(query[:60]):
                assert is_clear(path, ask(path, query))
    assert "searched_by_words_alone" not in caplog.text, "Elasticsearch refused a question"


@few
@given(
    text=st.binary(max_size=60), name=st.sampled_from(["accept-language", "hx-request", "hx-target", "if-none-match", "cookie", "referer"])
)
def test_any_header_gets_a_page(catalogue, text, name):
    value = text.decode("latin-1").translate({10: " ", 13: " ", 0: " "})
    for path in ("/en/search/", "/api/v1/resources"):
        assert is_clear(path, ask(path, "q=soap", **{name: value}))


def test_a_long_address_gets_a_sentence(catalogue):
    for path in PLACES:
        answer = ask(path, "q=" + "x" * 20_000)
        assert answer.status_code == 414
        assert "too long" in answer.content.decode() or path.startswith("/zh")


def test_a_question_with_more_terms_than_elasticsearch_takes_is_refused_in_a_sentence(catalogue, monkeypatch):
    """How many it takes depends on its memory and its cores; here it has plenty, so the question is longer than ours may be."""
    monkeypatch.setattr(services, "MAX_QUESTION_CHARACTERS", 100_000)
    monkeypatch.setattr(services, "MAX_QUESTION_WORDS", 100_000)
    monkeypatch.setattr(site, "ELASTICSEARCH_TIMEOUT_SECONDS", 60.0)
    words = " ".join(f"w{number:b}".translate({48: "a", 49: "b"}) for number in range(2500))
    with pytest.raises(InvalidInputError, match="too many words"):
        search(SearchRequest(q=words))


def test_every_parameter_that_the_page_reads_is_tried():
    read = set()

    class Recording(QueryDict):
        def get(self, key, default=None):
            read.add(key)
            return super().get(key, default)

        def getlist(self, key, default=None):
            read.add(key)
            return super().getlist(key, default)

    address.read(Recording(""), "en")
    assert read == set(PAGE_PARAMETERS)


WORDS = ["soap", "volcano", "salt", "foam", "title", "body", "月球"]
AROUND = ["{}*", "*{}", '"{}', '"{}"', "({})", "{}~", "+{}", "-{}", "!{}", "/{}/", "{}?", "[{}}}", "\\{}", "{}:", ":{}", "<{}>"]
BETWEEN = [" ", "  ", " && ", " || ", " + ", " - ", " : ", ":", ":(", "/", " / ", "\t", "\u3000"]


def found(words):
    return [hit.title for hit in search(SearchRequest(q=words, words_only=True)).hits]


@few
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
    around=st.lists(st.sampled_from(AROUND), min_size=4, max_size=4),
    between=st.sampled_from(BETWEEN),
)
@example(words=["soap", "volcano"], around=["+{}", "-{}"] * 2, between=" ")
@example(words=["soap", "volcano"], around=["{}"] * 4, between=":")
def test_syntax_finds_what_its_words_find(catalogue, words, around, between):
    dressed = between.join(frame.format(word) for word, frame in zip(words, around, strict=False))
    assert found(dressed) == found(" ".join(words))


def test_what_is_all_syntax_finds_nothing(catalogue):
    assert found("soap") != []
    for question in ("*:*", "*", "?", "[*]", "()", '""', "/./"):
        assert found(question) == []
