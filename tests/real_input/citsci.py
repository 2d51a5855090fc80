"""The European Commission's list of citizen-science projects as rows of ours.

Its titles are in no stated language, its descriptions in English. Nobody states a licence for a single project: the one of the
repository stands in every record, and is passed on as it is, for the import to refuse.
"""

from core.languages import country_name

SUBJECTS = {
    "Biodiversity, nature and landscapes": "ecology",
    "Marine": "oceans",
    "Freshwater": "water",
    "Water": "water",
    "Climate": "climate-change",
    "Land": "earth-and-climate",
    "Environmental health": "public-health",
    "Environmental risks": "natural-hazards",
    "Animal welfare": "animals",
}
"""Air, noise, waste, resources and consumption have no equal here; "Terrestrial" and "Atmospheric" say where, not what."""


def row(record):
    """Return (row, remarks); a remark is a field and the value left out."""
    subjects = list(dict.fromkeys(SUBJECTS[name] for name in record["subjects"] if name in SUBJECTS))
    countries = [code for code in record["country"] if len(code) == 2]
    remarks = [("subjects", name) for name in record["subjects"] if name not in SUBJECTS]
    remarks += [("country", name) for name in record["country"] if name not in countries]
    found = {
        "identifier": record["id"].replace(":", "-"),
        "title": record["title"]["und"],
        "abstract": record["description"]["en"],
        "languages": ["en"],
        "resource_type": "project",
        "subjects": subjects,
        "keywords": [record["category"], *(country_name(code, "en") for code in countries)],
        "licence": record["licence"],
        "contributors": [record["institution"]],
        "year": record["date"],
        "url": record["url"],
    }
    return found, remarks
