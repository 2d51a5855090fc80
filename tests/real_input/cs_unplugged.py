"""CS Unplugged as rows of ours: each language of a page is an edition, tied to the English one (where there is none, to the first)."""

TYPES = {
    "lesson plan": "lesson-plan",
    "topic unit": "course",
    "curriculum integration": "lesson-plan",
    "programming challenge": "worksheet",
    "printable resource": "worksheet",
    "distance lesson": "lesson-plan",
    "home activity": "experiment",
    "glossary entry": "article",
}
LICENCES = {"CC-BY-SA-4.0": "CC-BY-SA-4.0"}
"""What is only presumed is passed on as it is, for the import to refuse."""


def identifier_of(record):
    """Return an identifier within our length: without the first parts, which all share, and the last, which repeats the one before."""
    parts = record["id"].removeprefix("csu:").removeprefix("topics/").replace("programming-challenges/", "").split("/")
    return "-".join(parts[:-1] if len(parts) > 1 and parts[-1] == parts[-2] else parts)


def rows(record):
    """Return the row of each language, the original first."""
    tags = sorted(record["title"], key=lambda tag: (tag != "en", tag))
    identifier = identifier_of(record)
    found = []
    for tag in tags:
        own = {"identifier": identifier} if not found else {"identifier": f"{identifier}-{tag}", "translation_of": identifier}
        found.append(own | {"languages": [tag], "title": record["title"][tag], "body": record["description"][tag]} | _shared(record, tag))
    return found


def _shared(record, tag):
    values = {
        "abstract": record["description"][tag][:400],
        "resource_type": TYPES[record["type"]],
        "subjects": ["computing"],
        "licence": LICENCES.get(record["licence"], record["licence"]),
        "access": "public",
        "contributors": [record["institution"]],
        "age_min": record.get("age_min"),
        "age_max": record.get("age_max"),
        "keywords": record["subjects"][1:] if tag == "en" else [],
    }
    return {name: value for name, value in values.items() if value not in (None, [])}
