"""What every public page must keep to, so that it can be read by anybody, with any machine, under a strict content policy."""

import re
from itertools import pairwise

LABELLED = {"input", "select", "textarea"}


def faults(soup, *, language="en"):
    """Return what is wrong with a page, as sentences; an empty list for a good page."""
    return [
        *_language(soup, language),
        *_nothing_inline(soup),
        *_headings(soup),
        *_fields(soup),
        *_pictures(soup),
        *_names(soup),
        *_ids(soup),
    ]


def _language(soup, language):
    html = soup.find("html")
    if html.get("lang") != language:
        yield f"The page says it is in {html.get('lang')}."
    if html.get("dir") != "ltr":
        yield "The page does not say its direction."
    if not soup.find("meta", attrs={"name": "viewport"}):
        yield "A phone would show the page at the size of a desk."
    if not (soup.title and soup.title.text.strip(" –")):
        yield "The page has no title."


def _nothing_inline(soup):
    for script in soup.find_all("script"):
        if not script.get("src") or script.text.strip():
            yield f"Inline script: {script.text[:60]}"
    if soup.find("style"):
        yield "Inline style sheet."
    for tag in soup.find_all(True):
        if tag.get("style") is not None:
            yield f"Inline style on {tag.name}."
        for attribute in tag.attrs:
            if re.fullmatch(r"on[a-z]+", attribute):
                yield f"{attribute} on {tag.name}."
        if str(tag.get("href", "")).lower().startswith("javascript:"):
            yield "A link that is a script."


def _headings(soup):
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile(r"^h[1-6]$"))]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} first-level headings."
    main = [int(tag.name[1]) for tag in soup.main.find_all(re.compile(r"^h[1-6]$"))]
    for before, after in pairwise(main):
        if after > before + 1:
            yield f"A heading of level {after} follows one of level {before}."


def _fields(soup):
    for field in soup.find_all(LABELLED):
        if field.get("type") == "hidden":
            continue
        is_labelled = field.find_parent("label") or (field.get("id") and soup.find("label", attrs={"for": field["id"]}))
        if not is_labelled and not field.get("aria-label"):
            yield f"The field {field.get('name')} has no label."
    for fieldset in soup.find_all("fieldset"):
        if not fieldset.find("legend"):
            yield "A fieldset without a legend."


def _pictures(soup):
    for picture in soup.find_all("img"):
        if picture.get("alt") is None:
            yield f"The picture {picture.get('src')} has no text alternative."
    for picture in soup.find_all("svg"):
        if picture.get("aria-hidden") != "true" and not picture.get("aria-label"):
            yield "A drawing that is neither hidden nor named."


def _names(soup):
    for tag in soup.find_all(["a", "button"]):
        named = tag.get_text(strip=True) or tag.get("aria-label") or any(picture.get("alt") for picture in tag.find_all("img"))
        if not named:
            yield f"A {tag.name} without words: {str(tag)[:80]}"
    for tag in soup.find_all("a"):
        if tag.get("href") in (None, "", "#"):
            yield f"A link that leads nowhere: {tag.text.strip()}"


def _ids(soup):
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    for twice in {one for one in ids if ids.count(one) > 1}:
        yield f"The id {twice} is there twice."
    for tag in soup.find_all(True):
        for attribute in ("aria-labelledby", "aria-describedby", "for"):
            for name in str(tag.get(attribute) or "").split():
                if name not in ids:
                    yield f"{attribute} of {tag.name} points to {name}, which is not there."
