"""A catalogue of any size, made of the demo network's works: their terms, languages and editions, their words in other company.

Vectors are synthetic: the encoder's own for a work of the demo, each time turned by a third of a right angle into another direction.
Encoding a million texts takes hours, and the time that a search takes hangs on how vectors lie, not on what they mean.
Everything is drawn by lot from a fixed seed, so two runs fill the same index and ask the same questions.
"""

import random
import re
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np

BATCH = 250
SENDERS = 2
BATCHES_WAITING = 6
SENTENCES_IN_A_BODY = 20
SENTENCES_IN_AN_ABSTRACT = 3
VECTOR_NOISE = 0.6
"""Length of what is added to a vector of length 1, at right angles or nearly so: cosine 0.86 between a pattern and its variation."""

DIGITS = 5
OLDEST_YEAR, NEWEST_YEAR = 2010, 2026
WITHOUT_SPACES = {"zh", "ja", "th"}
FACETS_CHOSEN = (0, 0, 1, 2)
"""How many facets a question selects by, in turn: half of the questions none."""

Document = dict[str, Any]
Selections = dict[str, tuple[str, ...]]


@dataclass
class Vocabulary:
    """What the demo's texts in one language are made of."""

    sentences: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Catalogue:
    """The works of the demo as documents of the index, and what their texts are made of, by the key of a language's analysis."""

    patterns: list[Document]
    vocabularies: Mapping[str, Vocabulary]


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader asks; `key` is the language of the words, as search.analysis names it."""

    words: str
    key: str
    selections: Selections


def read_catalogue() -> Catalogue:
    """Encode and read the published works of the database, in an order that does not depend on their ids."""
    from catalogue.selectors import published_editions, published_works  # noqa: PLC0415 - importable only after prepare()
    from search import vectors  # noqa: PLC0415
    from search.documents import load_documents  # noqa: PLC0415
    from search.encoders import encoder  # noqa: PLC0415

    model = encoder()
    assert model, "This benchmark needs the encoder: SEARCH_ENCODER."
    vectors.encode(model, vectors.texts_of_all(published_editions()))
    documents = load_documents(list(published_works().values_list("pk", flat=True))).values()
    patterns = sorted(documents, key=lambda document: min(edition["card"]["title"] for edition in document["editions"]))
    vocabularies: dict[str, Vocabulary] = {}
    for edition in (edition for pattern in patterns for edition in pattern["editions"]):
        for key, texts in edition["body"].items():
            vocabulary = vocabularies.setdefault(key, Vocabulary())
            vocabulary.sentences += [part for text in texts for part in re.split(r"(?<=[.!?。！？])\s*", text) if part]
            vocabulary.words += words_of(f"{edition['card']['title']} {edition['card']['abstract']}", key)
    return Catalogue(patterns, vocabularies)


def words_of(text: str, key: str) -> list[str]:
    """Return the longer words of a text; where none are marked, pieces of three characters."""
    if key in WITHOUT_SPACES:
        return [piece for run in re.findall(r"\w+", text) for piece in re.findall(r"...", run)]
    return [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]  # noqa: PLR2004 - most shorter ones are articles


def works(catalogue: Catalogue, number: int) -> Iterator[Document]:
    """Return so many works. Their editions have fresh texts and years; everything else is as in the demo."""
    lot, noise = random.Random(1), np.random.default_rng(1)
    for place in range(number):
        pattern = catalogue.patterns[place % len(catalogue.patterns)]
        editions = [_varied(edition, catalogue.vocabularies, lot) for edition in pattern["editions"]]
        for edition in editions:
            edition["passages"] = [{**passage, "vector": _turned(passage["vector"], noise)} for passage in edition["passages"]]
        yield {**pattern, "work_id": _id(lot), "editions": editions}


def _varied(pattern: dict[str, Any], vocabularies: Mapping[str, Vocabulary], lot: random.Random) -> dict[str, Any]:
    edition = {**pattern, "card": {**pattern["card"]}, "title": {**pattern["title"]}}
    card = edition["card"]
    key = next(iter(edition["title"]))
    vocabulary = vocabularies[key]
    card["edition_id"] = edition["edition_id"] = _id(lot)
    card["title"] = (
        f"{card['title'].rstrip('.!?。！？')}: {('' if key in WITHOUT_SPACES else ' ').join(lot.choices(vocabulary.words, k=3))}"
    )
    card["abstract"] = " ".join(lot.choices(vocabulary.sentences, k=SENTENCES_IN_AN_ABSTRACT))
    card["year"] = lot.randint(OLDEST_YEAR, NEWEST_YEAR)
    edition["title"][key] = [card["title"]]
    edition["abstract"] = {key: [card["abstract"]]}
    edition["body"] = {key: [" ".join(lot.choices(vocabulary.sentences, k=SENTENCES_IN_A_BODY))]}
    edition["year"] = [str(card["year"])]
    edition["tag"] = sorted({*edition["tag"], *_keywords(card["edition_id"], vocabulary, key)})
    return edition


def _keywords(seed: str, vocabulary: Vocabulary, key: str) -> list[str]:
    """Return two more keywords, one of them of two words: a large catalogue has many."""
    one, *two = random.Random(seed).choices(vocabulary.words, k=3)
    return [one, ("" if key in WITHOUT_SPACES else " ").join(two)]


def _turned(vector: list[float], noise: np.random.Generator) -> list[float]:
    """Return a vector of length 1 beside another."""
    aside = noise.standard_normal(len(vector))
    turned = np.asarray(vector) + VECTOR_NOISE * aside / np.linalg.norm(aside)
    return np.round(turned / np.linalg.norm(turned), DIGITS).tolist()


def _id(lot: random.Random) -> str:
    return str(UUID(int=lot.getrandbits(128), version=4))


def questions(catalogue: Catalogue, number: int) -> list[Question]:
    """Return different questions: a word, a few words, or a whole title, each in the language of one of the demo's editions."""
    lot = random.Random(2)
    editions = [edition for pattern in catalogue.patterns for edition in pattern["editions"]]
    asked: dict[str, Question] = {}
    while len(asked) < number:
        edition = lot.choice(editions)
        title, key = edition["card"]["title"], next(iter(edition["title"]))
        words = words_of(title, key) or [title]
        wanted = (" ".join(lot.sample(words, min(len(words), length))) for length in (1, 2, 3))
        text = lot.choice([*wanted, title])
        asked.setdefault(text, Question(text, key, selections(edition, FACETS_CHOSEN[len(asked) % len(FACETS_CHOSEN)], lot)))
    return list(asked.values())


def selections(edition: Mapping[str, Any], facets: int, lot: random.Random) -> Selections:
    """Return values of so many facets that the edition has together, as who chooses by a page's counts: seldom one without a work."""
    names = [name for name in FACETS_OF_RIVALS if edition.get(name)]
    return {name: (lot.choice(edition[name]),) for name in lot.sample(names, facets)}


FACETS_OF_RIVALS = ("resource_type", "subject", "audience", "language", "licence", "access", "institution", "country", "year")
"""The facets that are lists of terms: those that all rivals can be asked for."""


@dataclass(frozen=True, slots=True)
class Filled:
    """An index that is live; `seconds` is how long it took to fill it, `settled` until its segments were merged."""

    name: str
    works: int
    editions: int
    vectors: int
    seconds: float
    settled: float
    megabytes: int


def fill_index(catalogue: Catalogue, number: int, *, vectors: str = "") -> Filled:
    """Fill an index through search.index and make it live, as a rebuild does; refreshed once, at the end.

    `vectors`: another kind of index for them than ours. The index that was live before is deleted.
    """
    from django.db.models import F  # noqa: PLC0415

    from search import index  # noqa: PLC0415
    from search.client import client  # noqa: PLC0415
    from search.mapping import settings_hash  # noqa: PLC0415
    from search.models import IndexTarget, WorkSync  # noqa: PLC0415

    index.delete(index.ours())
    began = time.perf_counter()
    name = _create(vectors)
    editions, passages, batch = 0, 0, []
    with ThreadPoolExecutor(SENDERS) as senders:
        under_way: set[Future[None]] = set()
        for document in works(catalogue, number):
            editions += len(document["editions"])
            passages += sum(len(edition["passages"]) for edition in document["editions"])
            batch.append(index.Entry(UUID(document["work_id"]), 1, document))
            if len(batch) == BATCH:
                under_way = _send(senders, under_way, name, batch)
                batch = []
        _finish(_send(senders, under_way, name, batch))
    index.refresh(name)
    seconds = time.perf_counter() - began
    client().indices.put_settings(index=name, settings={"refresh_interval": "1s"})
    index.merge(name)
    _wait_for_merges(name)
    index.make_live(name)
    IndexTarget.objects.update_or_create(is_live=True, defaults={"name": name, "receives_changes": True, "settings_hash": settings_hash()})
    WorkSync.objects.update(indexed_version=F("version"))  # the demo's works shall not wait: while any does, no answer is kept
    settled = time.perf_counter() - began
    size = client().indices.stats(index=name, metric="store")["_all"]["primaries"]["store"]["size_in_bytes"]
    return Filled(name, number, editions, passages, seconds, settled, size // 1_000_000)


def _create(vectors: str) -> str:
    """Create an index as search.index does, which refreshes only when asked to."""
    from search import index, mapping  # noqa: PLC0415
    from search.client import client  # noqa: PLC0415

    name, body = index.new_name(), mapping.index_body()
    body["settings"]["index"]["refresh_interval"] = "-1"
    if vectors:
        body["mappings"]["properties"]["editions"]["properties"]["passages"]["properties"]["vector"]["index_options"] = {"type": vectors}
    client(timeout=60).indices.create(index=name, **body, aliases={f"{name}-write": {}})
    return name


def _send(senders: ThreadPoolExecutor, under_way: set[Future[None]], name: str, batch: list[Any]) -> set[Future[None]]:
    """Hand a batch over; wait while too many are under way."""
    under_way.add(senders.submit(_write, name, batch))
    if len(under_way) < BATCHES_WAITING:
        return under_way
    done, left = wait(under_way, return_when=FIRST_COMPLETED)
    _finish(done)
    return left


def _finish(under_way: set[Future[None]]) -> None:
    for future in under_way:
        future.result()


def _write(name: str, batch: list[Any]) -> None:
    from search import index  # noqa: PLC0415

    errors = index.write([name], batch)
    assert not errors, errors[:3]


def _wait_for_merges(name: str) -> None:
    """Wait until each shard is one segment, as `search.index.merge` leaves it."""
    from django.conf import settings  # noqa: PLC0415

    from search import index  # noqa: PLC0415
    from search.client import client  # noqa: PLC0415

    while client().indices.stats(index=name, metric="segments")["_all"]["primaries"]["segments"]["count"] > settings.SEARCH_SHARDS:
        time.sleep(1)
        index.refresh(name)
