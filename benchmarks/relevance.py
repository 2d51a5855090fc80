"""How good is the order of results? Public test sets and our own questions, through our own index and query, by standard measures.

Each set's texts become works of one edition, analysed and encoded as ours are; one index a language of the texts, so that the
question of one language meets texts of another. Asked is the body of `search.queries.search_body`, without its counts.
*words* is the switch "words only", *both* what a reader gets.

The sets are not part of the project: docs/relevance.md says where they come from. Run:
.venv/bin/python benchmarks/relevance.py DIRECTORY [--sets xquad belebele scifact demo details] [--encoder use-multilingual]
"""

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import ir_measures
from common import CHECKOUT, import_demo_texts, prepare, print_header, print_table
from ir_measures import RR, R, nDCG

MEASURES = (nDCG @ 10, RR @ 10, R @ 10)
AT_ONCE = 50
LONG_ENOUGH_TO_ASK = 30
EVERY_SO_MANY = 3
"""Of the sentences of a body, one in so many is asked."""

MODES = {"words": True, "both": False}
"""By name, whether the switch "words only" is on."""


@dataclass(frozen=True)
class Text:
    id: str
    title: str
    text: str
    language: str


@dataclass(frozen=True)
class Questions:
    """Questions of one language to texts of one language, by id, with the ids of the texts that answer each."""

    name: str
    asked: str
    answered: str
    questions: dict[str, str]
    right: dict[str, set[str]]
    index: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path, help="where xquad/, belebele_en_de/ and scifact/ are")
    parser.add_argument("--sets", nargs="+", choices=list(SETS), default=list(SETS))
    parser.add_argument("--sample", type=int, metavar="N", help="ask only N questions of each language, drawn by lot")
    parser.add_argument("--encoder", help="a value of SEARCH_ENCODER, instead of the settings'")
    options = parser.parse_args()
    prepare()
    from django.conf import settings  # noqa: PLC0415 - importable only after prepare()

    if options.encoder:
        settings.SEARCH_ENCODER = options.encoder
    print_header(f"Relevance with the encoder {settings.SEARCH_ENCODER}: nDCG@10 / RR@10 / recall@10")
    rows = []
    for name in options.sets:
        for questions in SETS[name](options.directory):
            asked = sampled(questions, options.sample)
            figures = [measured(asked, words_only=words_only) for words_only in MODES.values()]
            print(name, asked.asked, asked.answered, *figures, file=sys.stderr)
            rows.append([name, f"{asked.asked} → {asked.answered}", len(asked.questions), *figures])
    print_table(["set", "question → text", "questions", *MODES], rows)


def sampled(questions: Questions, number: int | None) -> Questions:
    """Return so many of the questions, drawn by lot; all of them without a number."""
    ids = sorted(questions.questions)
    ids = random.Random(1).sample(ids, min(len(ids), number or len(ids)))
    return replace(
        questions,
        questions={key: questions.questions[key] for key in ids},
        right={key: questions.right[key] for key in ids},
    )


def measured(questions: Questions, *, words_only: bool) -> str:
    """Return the measures of one way of asking, as a cell of the table."""
    relevant = [ir_measures.Qrel(question, text, 1) for question, texts in questions.right.items() for text in texts]
    found = list(answers(questions, words_only=words_only))
    figures = ir_measures.calc_aggregate(MEASURES, relevant, found)
    return " / ".join(f"{figures[measure]:.3f}" for measure in MEASURES)


def answers(questions: Questions, *, words_only: bool) -> Iterator[ir_measures.ScoredDoc]:
    """Ask every question and yield the first ten works of each answer."""
    from search import index  # noqa: PLC0415
    from search.client import client  # noqa: PLC0415
    from search.queries import search_body  # noqa: PLC0415
    from search.services import meaning_of  # noqa: PLC0415
    from search.types import SearchRequest  # noqa: PLC0415

    index.make_live(questions.index)
    ids = list(questions.questions)
    for start in range(0, len(ids), AT_ONCE):
        batch = ids[start : start + AT_ONCE]
        searches: list[dict[str, Any]] = []
        for question in batch:
            request = SearchRequest(q=" ".join(questions.questions[question].split()), page_size=10, words_only=words_only)
            body = search_body(request, meaning_of(request))
            searches += [{"index": questions.index}, {key: part for key, part in body.items() if key != "aggs"} | {"_source": ["name"]}]
        for question, response in zip(batch, client(timeout=60).msearch(searches=searches)["responses"], strict=True):
            assert "error" not in response, response["error"]
            for place, hit in enumerate(response["hits"]["hits"]):
                yield ir_measures.ScoredDoc(question, hit["_source"]["name"], -place)


def fill(texts: Iterable[Text]) -> str:
    """Write texts to a new index as works of one edition, and return its name."""
    from search import index  # noqa: PLC0415

    name = index.new_name()
    index.create(name)
    batch = []
    for text in texts:
        document: Any = as_document(text)
        batch.append(index.Entry(UUID(document["work_id"]), 1, document))
        if len(batch) == AT_ONCE:
            assert not index.write([name], batch)
            batch = []
    assert not index.write([name], batch)
    index.refresh(name)
    return name


def as_document(text: Text) -> dict[str, Any]:
    """Return the document of a work that has this text as its abstract; without a title, the text is encoded alone."""
    from search.analysis import key_of  # noqa: PLC0415
    from search.encoders import encoder  # noqa: PLC0415
    from search.vectors import details, edition_vector  # noqa: PLC0415

    key = key_of(text.language)
    model = encoder()
    assert model is not None
    summary = (text.title, text.text) if text.title else (text.text, "")
    vectors = [edition_vector(model, *part) for part in (summary, *details(text.text, ""))]
    edition = {
        "edition_id": str(uuid5(NAMESPACE_URL, f"edition {text.id}")),
        "published": "2026-01-01",
        "title": {key: [text.title]} if text.title else {},
        "abstract": {key: [text.text]},
        "language": [text.language],
        "passages": [
            {"vector": [round(float(number), 5) for number in vector], "is_summary": place == 0} for place, vector in enumerate(vectors)
        ],
    }
    return {"work_id": str(uuid5(NAMESPACE_URL, text.id)), "name": text.id, "visible": True, "editions": [edition]}


def between_languages(directory: Path, languages: Sequence[str]) -> Iterator[Questions]:
    """Read a parallel set: every language's questions to every language's texts."""
    right = read_relevant(directory)
    asked = {language: read_questions(directory / f"queries.{language}.jsonl") for language in languages}
    for answered in languages:
        index = fill(read_texts(directory / f"corpus.{answered}.jsonl", answered))
        for language, questions in asked.items():
            yield Questions(directory.name, language, answered, questions, right, index)


def scifact(directory: Path) -> Iterator[Questions]:
    parts = sorted((directory / "scifact").glob("corpus*.jsonl"))
    index = fill(text for part in parts for text in read_texts(part, "en"))
    yield Questions("scifact", "en", "en", read_questions(directory / "scifact/queries.jsonl"), read_relevant(directory / "scifact"), index)


def demo(_directory: Path) -> Iterator[Questions]:
    """Ask the demo catalogue, as it is indexed, what no edition in the question's language answers."""
    from catalogue.models import ResourcePage  # noqa: PLC0415

    name = fill_with_demo(originals_only=False)
    names = {page.identifier: str(page.work_id) for page in ResourcePage.objects.live()}
    questions: dict[str, str] = {}
    right: dict[str, set[str]] = {}
    for number, line in enumerate((CHECKOUT / "benchmarks/questions/demo.tsv").read_text().splitlines()):
        if not line.startswith("#"):
            _language, questions[str(number)], works = line.split("\t")
            right[str(number)] = {names[work] for work in works.split()}
    yield Questions("demo", "17 languages", "21 languages", questions, right, name)


def details(_directory: Path) -> Iterator[Questions]:
    """Ask sentences from the bodies of the demo's translations, of an index that holds their originals alone."""
    from wagtail.rich_text import get_text_for_indexing  # noqa: PLC0415

    from catalogue.models import ResourcePage  # noqa: PLC0415
    from search.encoders import encoder  # noqa: PLC0415
    from search.vectors import SENTENCE_END  # noqa: PLC0415

    name = fill_with_demo(originals_only=True)
    model = encoder()
    assert model is not None
    questions: dict[str, str] = {}
    right: dict[str, set[str]] = {}
    for page in ResourcePage.objects.live().exclude(translation_of=None).select_related("translation_of").order_by("pk"):
        if model.knows(page.language) and model.knows(page.translation_of.language):
            sentences = [part for part in SENTENCE_END.split(get_text_for_indexing(page.body)) if len(part) >= LONG_ENOUGH_TO_ASK]
            for number, sentence in enumerate(sentences[::EVERY_SO_MANY]):
                questions[f"{page.pk}-{number}"], right[f"{page.pk}-{number}"] = sentence, {str(page.work_id)}
    yield Questions("details", "translations", "originals", questions, right, name)


def fill_with_demo(*, originals_only: bool) -> str:
    """Write the demo's works to a new index as they are, or with their first editions alone, and return its name."""
    from catalogue.models import ResourcePage  # noqa: PLC0415
    from search import index  # noqa: PLC0415
    from search.documents import load_documents  # noqa: PLC0415
    from search.encoders import encoder  # noqa: PLC0415
    from search.vectors import encode, texts_of_all  # noqa: PLC0415

    if not ResourcePage.objects.exists():
        import_demo_texts()
    model = encoder()
    assert model is not None
    encode(model, texts_of_all(ResourcePage.objects.live()))
    documents: Any = load_documents(set(ResourcePage.objects.live().values_list("work_id", flat=True)))
    name = index.new_name()
    index.create(name)
    for work_id, document in documents.items():
        document["name"] = str(work_id)
        document["editions"] = [edition for edition in document["editions"] if edition["card"]["original"] or not originals_only]
    assert not index.write([name], [index.Entry(work_id, 1, document) for work_id, document in documents.items()])
    index.refresh(name)
    return name


def read_texts(path: Path, language: str) -> Iterator[Text]:
    for row in _rows(path):
        yield Text(row["_id"], row["title"], row["text"].strip("\ufeff \n"), language)


def read_questions(path: Path) -> dict[str, str]:
    return {row["_id"]: row["text"] for row in _rows(path)}


def read_relevant(directory: Path) -> dict[str, set[str]]:
    right = defaultdict(set)
    for line in (directory / "qrels.tsv").read_text().splitlines()[1:]:
        question, text, score = line.split("\t")
        if int(score):
            right[question].add(text)
    return dict(right)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig") as lines:
        for line in lines:
            yield json.loads(line)


SETS = {
    "xquad": lambda directory: between_languages(directory / "xquad", ("en", "es", "zh")),
    "belebele": lambda directory: between_languages(directory / "belebele_en_de", ("en", "de")),
    "scifact": scifact,
    "demo": demo,
    "details": details,
}


if __name__ == "__main__":
    main()
