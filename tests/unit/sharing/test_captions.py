"""Which subtitles go with which film, told by names as people give them."""

import pytest

from sharing.captions import film_of, language_of

FILMS = ["tide.mp4", "tide at night.webm", "moon.mp4"]


@pytest.mark.parametrize(
    ("subtitles", "films", "film"),
    [
        ("tide.vtt", FILMS, "tide.mp4"),
        ("Tide.fr.srt", FILMS, "tide.mp4"),
        ("tide at night-fr.srt", FILMS, "tide at night.webm"),
        ("tides.vtt", FILMS, None),
        ("captions.de.vtt", FILMS, None),
        ("captions.de.vtt", ["tide.mp4"], "tide.mp4"),
        ("tide.vtt", [], None),
    ],
)
def test_a_film_is_found_by_its_name_or_as_the_only_one(subtitles, films, film):
    assert film_of(subtitles, films) == film


@pytest.mark.parametrize(
    ("subtitles", "tag"),
    [
        ("tide.vtt", "en"),
        ("tide.fr.vtt", "fr"),
        ("tide_de.srt", "de"),
        ("tide (pt-br).srt", "pt-BR"),
        ("tide.pt_BR.srt", "pt-BR"),
        ("tide.zh-Hans.vtt", "zh-Hans"),
        ("tide.final.vtt", "en"),
        ("farbige-schatten.de.vtt", "de"),
        ("how to do it.srt", "en"),
    ],
)
def test_the_language_stands_at_the_end_of_the_name(subtitles, tag):
    assert language_of(subtitles, "tide.mp4", "en") == tag
