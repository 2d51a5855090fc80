"""PhET's simulations as rows of ours.

Only the title of a simulation is translated in this collection, so a simulation is one edition, in English, with its other
titles as alternative titles: an "edition" in 90 languages that differs in one line would promise texts that are not there.
"""

SUBJECTS = {
    "Physics": "physics",
    "Mathematics": "mathematics",
    "Chemistry": "chemistry",
    "Biology": "life-sciences",
    "Earth Science": "earth-and-climate",
}
AUDIENCES = {"Middle/High": ["lower-secondary", "upper-secondary"]}
"""Middle and high school of the United States: ages 11 to 18."""

ENGLISH = "en"


def row(record):
    """Return the row of one record. A field that the record lacks is not in it; language tags are passed on as they are."""
    titles = dict(record["title"])
    english = titles.pop(ENGLISH, None)
    found = {
        "identifier": record["id"].replace(":", "-"),
        "resource_type": "simulation",
        "licence": record["licence"],
        "access": "public",
        "contributors": [record["source"]],
        "credit_line": f"{record['source']}, {record['institution']}",
        "url": record["url"],
        "alternative_titles": titles,
    }
    if english:
        found |= {"title": english, "languages": [ENGLISH]}
    if abstract := record.get("description", {}).get(ENGLISH):
        found["abstract"] = abstract
    if subjects := [SUBJECTS[name] for name in record.get("subjects") or []]:
        found["subjects"] = subjects
    if record.get("level_raw"):
        found["audience"] = AUDIENCES[record["level_raw"]]
    return found
