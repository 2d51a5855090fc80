"""What a site would have instead: Wagtail's own Elasticsearch backend, and PostgreSQL's full text, over the same works.

Both hold a row (a document) an edition, as they would on a site without `search/`, and are asked for the same page: twenty hits, the
number of all, and the counts of nine facets by the same rule (a facet's own selection does not narrow its own counts).
What was done for them, and what they leave out, is said in benchmarks/README.md.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any, ClassVar

from django.conf import settings
from django.db import connection, models
from django.db.models.lookups import In
from modelsearch import index as search_fields
from modelsearch.backends.elasticsearch9 import Elasticsearch9SearchBackend
from modelsearch.query import MATCH_ALL
from synthetic import FACETS_OF_RIVALS, Document, Question

HITS = 20
BATCH = 1000
OF_ONE_VALUE = ("resource_type", "language", "licence", "access", "institution", "country", "year")
CONFIGURATIONS = {
    "ar": "arabic",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "hi": "hindi",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "ru": "russian",
    "tr": "turkish",
}
"""PostgreSQL's text search configurations by the key of a language; "simple" for all others."""


class Terms(models.TextField):
    """A list of terms in one column, parted by spaces, of which `in` asks whether any is there."""

    def get_searchable_content(self, value: str) -> list[str]:
        return value.split()


@Terms.register_lookup
class AnyOf(In):
    """`in` for the rows that the hits are read from; Elasticsearch has its own."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, values = self.process_lhs(compiler, connection)
        return f"string_to_array({column}, ' ') && %s", [*values, list(self.rhs)]


class Edition(search_fields.Indexed, models.Model):
    """An edition as a row: its texts, and the values of its facets, parted by spaces."""

    work = models.IntegerField()
    config = models.CharField(max_length=20)
    title = models.TextField()
    labels = models.TextField()
    abstract = models.TextField()
    body = models.TextField()
    resource_type = models.CharField(max_length=60)
    subject = Terms()
    audience = Terms()
    language = models.CharField(max_length=20)
    licence = models.CharField(max_length=60)
    access = models.CharField(max_length=20)
    institution = models.CharField(max_length=60)
    country = models.CharField(max_length=2)
    year = models.CharField(max_length=4)
    published = models.DateTimeField()

    search_fields = (
        search_fields.SearchField("title", boost=6),
        search_fields.SearchField("labels", boost=4),
        search_fields.SearchField("abstract", boost=2),
        search_fields.SearchField("body"),
        *(search_fields.FilterField(name) for name in FACETS_OF_RIVALS),
        search_fields.FilterField("published"),
    )

    class Meta:
        app_label = "rivals"
        indexes: ClassVar = [models.Index(fields=["published"], name="rivals_published")]

    def __str__(self) -> str:
        return self.title


def fill_table(documents: Iterable[Document]) -> int:
    """Make the table of editions, in place of an earlier one, and fill it; return how many there are."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS rivals_edition, rivals_text")
    with connection.schema_editor() as editor:
        editor.create_model(Edition)
    rows = (_row(work, edition) for work, document in enumerate(documents) for edition in document["editions"])
    while batch := list(islice(rows, BATCH)):
        Edition.objects.bulk_create(batch)
    return Edition.objects.count()


def _row(work: int, edition: dict[str, Any]) -> Edition:
    key = next(iter(edition["title"]))
    texts = {name: "\n".join(text for part in edition[name].values() for text in part) for name in ("title", "labels", "abstract", "body")}
    facets = {name: " ".join(edition[name]) for name in FACETS_OF_RIVALS}
    return Edition(work=work, config=CONFIGURATIONS.get(key, "simple"), published=edition["published"], **texts, **facets)


class Wagtail:
    """The backend that a Wagtail site names in WAGTAILSEARCH_BACKENDS, through its own public interface."""

    def __init__(self, prefix: str) -> None:
        self.backend = _Backend({"URLS": settings.ELASTICSEARCH_URL, "INDEX_PREFIX": prefix, "TIMEOUT": 60})

    def fill(self) -> None:
        index = self.backend.get_index_for_model(Edition)
        index.reset()
        index.add_model(Edition)
        rows = Edition.objects.order_by("pk").iterator(chunk_size=BATCH)
        while batch := list(islice(rows, BATCH)):
            index.add_items(Edition, batch)
        index.refresh()

    def delete(self) -> None:
        self.backend.get_index_for_model(Edition).delete()

    def page(self, question: Question) -> dict[str, Any]:
        """Return hits, their number, and facets: one request each for the hits, the number, and every facet."""
        results = self._search(question, but="")
        facets = {name: self._search(question, but=name).facet(name) for name in FACETS_OF_RIVALS}
        return {"hits": list(results[:HITS]), "count": results.count(), "facets": facets}

    def _search(self, question: Question, *, but: str) -> Any:
        """Find editions with all the words. `order_by` is for pages without words: there is nothing to rank by."""
        chosen = {f"{name}__in": values for name, values in question.selections.items() if name != but}
        editions = Edition.objects.filter(**chosen)
        if question.words:
            return self.backend.search(question.words, editions, operator="and")
        return self.backend.search(MATCH_ALL, editions.order_by("-published"), order_by_relevance=False)


class _Backend(Elasticsearch9SearchBackend):
    """As it comes, without the analysis of its suggestions by parts of words, which no search of ours asks for."""

    settings: ClassVar = {"settings": {"index": {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"}}}
    mapping_class = type("_Mapping", (Elasticsearch9SearchBackend.mapping_class,), {"edgengram_analyzer_config": {}})


class PostgreSQL:
    """Full text as its manual teaches it: a stored, weighted tsvector under a GIN index, ranked by ts_rank, with ts_headline.

    Words are analysed by the language of each row. Nobody tells a site in which language a question is, so it is asked in all of them.
    """

    def fill(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_MAKE_TABLE)
            cursor.execute("CREATE INDEX ON rivals_text USING gin (words)")
            cursor.execute("CREATE INDEX ON rivals_text (published DESC)")
            cursor.execute("VACUUM ANALYZE rivals_text")
            for setting in TUNING:
                cursor.execute(f"SET {setting}")

    def page(self, question: Question) -> dict[str, Any]:
        """Return hits with passages, the number of works, and facets, in two statements."""
        with connection.cursor() as cursor:
            cursor.execute(*_hits(question))
            hits = cursor.fetchall()
            cursor.execute(*_counts(question))
            counts = cursor.fetchall()
        facets: dict[str, dict[str, int]] = {name: {} for name in FACETS_OF_RIVALS}
        for name, value, number in counts:
            facets.setdefault(name, {})[value] = number
        return {"hits": hits, "count": facets.pop("", {}).get("", 0), "facets": facets}

    def delete(self) -> None:
        """Its tables go with the database."""


TUNING = ("work_mem = '256MB'", "jit = off", "random_page_cost = 1.1", "max_parallel_workers_per_gather = 2")

_MAKE_TABLE = """
    CREATE TABLE rivals_text AS
    SELECT id, work, config::regconfig AS config, title, abstract, resource_type, language, licence, access, institution, country, year,
        string_to_array(subject, ' ') AS subject, string_to_array(audience, ' ') AS audience, published,
        setweight(to_tsvector(config::regconfig, title), 'A') || setweight(to_tsvector(config::regconfig, labels), 'B')
        || setweight(to_tsvector(config::regconfig, abstract), 'C') || setweight(to_tsvector(config::regconfig, body), 'D') AS words
    FROM rivals_edition
"""

Statement = tuple[str, list[Any]]


def _hits(question: Question) -> Statement:
    where, values = _conditions(question, but="")
    if not question.words:
        return f"SELECT id, title, abstract FROM rivals_text WHERE {where} ORDER BY published DESC LIMIT {HITS}", values
    ranked = "SELECT id, title, abstract, config, asked, ts_rank(words, asked) AS rank"
    best = f"{ranked} FROM rivals_text, {_ASKED} WHERE words @@ asked AND {where} ORDER BY rank DESC LIMIT {HITS}"
    return f"SELECT id, title, ts_headline(config, abstract, asked) FROM ({best}) AS best ORDER BY rank DESC", [*_asked(question), *values]


def _counts(question: Question) -> Statement:
    """Count works by facet: the matching rows once, then one distinct count a facet over them."""
    columns = ", ".join(FACETS_OF_RIVALS)
    matched = f"SELECT work, {columns} FROM rivals_text" + (f", {_ASKED} WHERE words @@ asked" if question.words else "")
    parts, values = [], _asked(question) if question.words else []
    for name in FACETS_OF_RIVALS:
        where, given = _conditions(question, but=name)
        value = name if name in OF_ONE_VALUE else f"unnest({name})"
        pairs = f"SELECT DISTINCT {value} AS value, work FROM matched WHERE {where}"
        parts.append(f"SELECT '{name}', value, count(*) FROM ({pairs}) AS pairs GROUP BY value")
        values += given
    where, given = _conditions(question, but="")
    parts.append(f"SELECT '', '', count(DISTINCT work) FROM matched WHERE {where}")
    return f"WITH matched AS MATERIALIZED ({matched}) {' UNION ALL '.join(parts)}", [*values, *given]


_CONFIGURATIONS_ASKED = sorted({*CONFIGURATIONS.values(), "simple"})
_ASKED = "(SELECT " + " || ".join(f"plainto_tsquery('{name}', %s)" for name in _CONFIGURATIONS_ASKED) + " AS asked) AS question"


def _asked(question: Question) -> list[Any]:
    return [question.words] * len(_CONFIGURATIONS_ASKED)


def _conditions(question: Question, *, but: str) -> Statement:
    chosen = {name: list(values) for name, values in question.selections.items() if name != but}
    clauses = [f"{name} = ANY(%s)" if name in OF_ONE_VALUE else f"{name} && %s" for name in chosen]
    return " AND ".join(clauses) or "true", list(chosen.values())
