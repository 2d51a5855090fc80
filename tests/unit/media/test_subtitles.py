"""Subtitles: read in both formats as people make them, written as browsers take them."""

import pytest

from media.subtitles import as_webvtt, cues_of

SUBRIP = """1
00:00:01,000 --> 00:00:04,500
Salt water is <i>heavier</i>.

2
00:01:02,5 --> 00:01:04,000  X1:40 X2:600
{\\an8}<font color="red">Look</font> at the line.
It moves.
"""


def test_subrip_becomes_webvtt():
    assert as_webvtt(cues_of(SUBRIP)) == (
        "WEBVTT\n\n"
        "00:00:01.000 --> 00:00:04.500\nSalt water is <i>heavier</i>.\n\n"
        "00:01:02.500 --> 00:01:04.000\nLook at the line.\nIt moves.\n"
    )


def test_webvtt_keeps_its_settings_and_loses_what_is_no_subtitle():
    notes = "STYLE\n::cue { color: red }\n\nNOTE a --> b"
    given = f"WEBVTT - tide\n\n{notes}\n\nfirst\n01:02.000 --> 01:03.000 align:start line:10%\n<v Ana>Hi --> you</v>\n"
    assert as_webvtt(cues_of(given)) == "WEBVTT\n\n00:01:02.000 --> 00:01:03.000 align:start line:10%\n<v Ana>Hi → you</v>\n"


def test_line_ends_of_every_system_are_taken():
    for end in ("\r\n", "\r"):
        assert cues_of(SUBRIP.replace("\n", end)) == cues_of(SUBRIP)


@pytest.mark.parametrize(
    "text", ["", "Just words.\n\nMore words.", "00:00:01,000 to 00:00:02,000", "a\nb\n00:00:01,000 --> 00:00:02,000\nc"]
)
def test_other_texts_are_no_subtitles(text):
    assert cues_of(text) == []


def test_words_are_without_markup():
    assert [cue.words for cue in cues_of(SUBRIP)] == ["Salt water is heavier.", "Look at the line. It moves."]


def test_what_is_no_markup_stays_text():
    cue = "00:01.000 --> 00:02.000\n3 < 4 and <script>x</script>"
    assert as_webvtt(cues_of(cue)).endswith("3 &lt; 4 and x\n")
