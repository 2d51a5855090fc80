"""A focal point becomes classes of the style sheet, which has a rule for each of them."""

from pathlib import Path

import pytest

from catalogue.focal_point import FocalPoint

STYLES = (Path(__file__).parents[3] / "static" / "css" / "site.css").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("point", "classes"),
    [
        (FocalPoint(), "focal-x-50 focal-y-0"),
        (FocalPoint(0, 100), "focal-x-0 focal-y-100"),
        (FocalPoint(34, 96), "focal-x-30 focal-y-100"),
        (FocalPoint(36, 4), "focal-x-40 focal-y-0"),
    ],
)
def test_the_nearest_tenth_is_taken(point, classes):
    assert point.css_classes == classes


@pytest.mark.parametrize("number", range(101))
def test_every_point_has_its_rules(number):
    tenth = FocalPoint(number, number).css_classes.rpartition("-")[2]
    for axis, name in zip("xy", FocalPoint(number, number).css_classes.split(), strict=True):
        assert f".{name} {{ --focal-{axis}: {tenth}%; }}" in STYLES
