"""MIT OpenCourseWare's videos as rows of ours; durations as the video service has them (ISO 8601), captions as an accessibility feature."""

LICENCES = {"CC-BY-NC-SA": "CC-BY-NC-SA-4.0"}
"""The version is on the page that each description names, https://ocw.mit.edu/terms."""


def row(record, licences=LICENCES):
    """Return the row of one video; a field that the record lacks is not in it."""
    found = {
        "identifier": record["id"].replace(":", "-"),
        "title": record["title"]["en"],
        "abstract": record["description"]["en"],
        "resource_type": "video",
        "subjects": ["mathematics"],
        "audience": ["higher-education"],
        "keywords": record["keywords"]["en"],
        "licence": licences.get(record["licence"], record["licence"]),
        "access": "public",
        "contributors": [record["institution"]],
        "year": record["date"],
        "duration_minutes": record["duration"],
        "accessibility": ["captions"] if record["captions"] == "true" else [],
        "url": record["url"],
    }
    return found | ({"languages": record["audio_language"]} if "audio_language" in record else {})
