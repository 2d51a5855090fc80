"""astroEDU's activities as rows of ours: the English text is one edition, the Italian one a translation in the same work.

Its vocabularies are mapped by the tables below, each line decided by a person. What has no equal here is left out, and said.
"""

import re

SUBJECTS = {
    "Astronomy": "astronomy-and-space",
    "Planetary systems": "astronomy-and-space",  # other stars' as well, so not our Solar System
    "Astrometry and celestial mechanics": "astronomy-and-space",
    "Earth Science": "earth-and-climate",
    "The Sun": "solar-system",
    "Stars": "stars-and-galaxies",
    "Galaxies": "stars-and-galaxies",
    "The Milky Way": "stars-and-galaxies",
    "Nebulae": "stars-and-galaxies",
    "Cosmology": "cosmology",
    "Astronomical instrumentation": "sky-observation",
    "Ecology": "ecology",
    "Oceanography": "oceans",
    "Human Spaceflight": "space-exploration",
    "Space Habitation": "space-exploration",
    "Orbital Mechanics": "space-exploration",
}
AUDIENCES = {
    "Pre-school": "early-years",
    "Primary": "primary",
    "Middle School": "lower-secondary",
    "Secondary": "upper-secondary",
    "University": "higher-education",
    "Informal": "general-public",
}
COSTS = {"Free": "free", "Low Cost": "low", "Medium Cost": "medium", "High Cost": "high"}
SETTINGS = {"Small Indoor Setting (e.g. classroom)": "classroom", "Outdoors": "outdoors"}
MINUTES = {"30min": 30, "45min": 45, "1h": 60, "1h30": 90, "2h": 120, "3h": 180}
"""A day is no number of minutes."""


def rows(record):
    """Return (rows, remarks): the English row first, then the translations; a remark is a field and the value left out."""
    remarks = []
    shared = _shared(record, remarks)
    identifier = record["id"].replace(":", "-")
    found = []
    for language in sorted(record["languages"], key=lambda tag: tag != "en"):
        own = {"identifier": identifier} if not found else {"identifier": f"{identifier}-{language}", "translation_of": identifier}
        found.append(own | {"languages": [language]} | _texts(record, language) | shared)
    found[0]["url"] = record["url"]  # that of the English page
    return found, remarks


def _shared(record, remarks):
    values = {
        "resource_type": "lesson-plan",  # "activity": steps for a teacher, with aims and duration
        "subjects": _mapped(SUBJECTS, [*record["subjects"], *(record.get("keywords_controlled") or [])], "subjects", remarks),
        "audience": _mapped(AUDIENCES, record["level"], "audience", remarks),
        "setting": _mapped(SETTINGS, [record["setting"]], "setting", remarks),
        "cost": next(iter(_mapped(COSTS, [record["cost"]], "cost", remarks)), None),
        "duration_minutes": next(iter(_mapped(MINUTES, [record["duration"]], "duration_minutes", remarks)), None),
        "age_min": record["age_min"],
        "age_max": record["age_max"],
        "licence": record["licence"],
        "access": "public",
        "contributors": record["authors"],
        "year": int(record["date"][:4]),
    }
    return {name: value for name, value in values.items() if value not in (None, [])}


def _mapped(table, names, field, remarks):
    remarks += [(field, name) for name in names if name not in table]
    return list(dict.fromkeys(table[name] for name in names if name in table))


def _texts(record, language):
    texts = {
        "title": record["title"].get(language),
        "abstract": record["teaser"].get(language),
        "body": html_of(record["fulltext_1500"].get(language) or ""),
        "keywords": list(dict.fromkeys(record["keywords"].get(language) or [])),
        "learning_outcomes": [re.sub(r"^[-*•]\s*", "", line.strip()) for line in (record["goals"].get(language) or "").splitlines()],
    }
    return {name: value for name, value in texts.items() if value}


def html_of(markdown):
    """Return the little Markdown that these texts use (headings, lists, paragraphs) as HTML."""
    parts = []
    for line in markdown.splitlines():
        text = line.strip().replace("&", "&amp;").replace("<", "&lt;")
        if heading := re.match(r"#+\s*(.*)", text):
            parts.append(f"<h3>{heading[1]}</h3>")
        elif item := re.match(r"[-*]\s+(.*)", text):
            parts.append(f"<ul><li>{item[1]}</li></ul>")
        elif text:
            parts.append(f"<p>{text}</p>")
    return "".join(parts).replace("</ul><ul>", "")
