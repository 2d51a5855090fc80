"""What counts as the same word, per language, on the real node."""

import pytest

from search.analysis import ALL_KEYS
from search.client import client

pytestmark = pytest.mark.index

SAME = [
    ("ar", "تجارب العلوم", "تجارب علوم"),
    ("ar", "١٢٣", "123"),
    ("de", "Straßenbrücken", "strassenbrucken"),
    ("de", "Die Kinder und ihre Brücken", "Kind Brücke"),
    ("el", "ΜΑΓΝΉΤΕΣ", "μαγνήτης"),
    ("en", "The child's EXPERIMENTS", "child experiment"),
    ("en", "Building magnets", "build magnet"),
    ("es", "Volcanes y ecuación", "volcan ecuacion"),
    ("fr", "L’expérience des élèves", "experience eleve"),
    ("hi", "विज्ञान के प्रयोगों", "विज्ञान प्रयोग"),
    ("it", "Dell’esperimento", "esperimenti"),
    ("ja", "実験しました", "実験する"),
    ("ja", "コンピューター", "ｺﾝﾋﾟｭｰﾀｰ"),
    ("ko", "망원경을", "망원경"),
    ("nl", "Planeten", "planeet"),
    ("pl", "Doświadczenia i dzieci", "doswiadczenia dziecko"),
    ("pt", "Experiências", "experiencia"),
    ("ru", "Опыты со звёздами", "опыт звезда"),
    ("th", "การทดลองวิทยาศาสตร์", "ทดลอง วิทยาศาสตร์"),
    ("tr", "İstanbul'daki çocuklar", "istanbul cocuk"),
    ("zh", "望遠鏡", "望远镜"),
    ("default", "Ｅ́ＣＬＡＩＲ Łódź", "eclair lodz"),
]

DIFFERENT = [
    ("hi", "पानी", "पृथ्वी"),
    ("ja", "かき", "がき"),
    ("th", "ใกล้", "ไกล"),
    ("zh", "望远镜", "显微镜"),
    ("en", "magnet", "magma"),
]


def _terms(name, key, text, analyzer=None):
    answer = client().indices.analyze(index=name, analyzer=analyzer or f"text_{key}", text=text)
    return {token["token"] for token in answer["tokens"]}


@pytest.mark.parametrize(("key", "one", "other"), SAME, ids=lambda value: str(value)[:12])
def test_forms_of_a_word_are_one(empty_index, key, one, other):
    wanted = _terms(empty_index, key, other, "text_zh_search" if key == "zh" else None)
    assert wanted
    assert wanted <= _terms(empty_index, key, one)


@pytest.mark.parametrize(("key", "one", "other"), DIFFERENT)
def test_different_words_stay_different(empty_index, key, one, other):
    assert _terms(empty_index, key, one, "text_zh_search" if key == "zh" else None) != _terms(
        empty_index, key, other, "text_zh_search" if key == "zh" else None
    )


def test_every_language_of_the_catalogue_has_an_analysis(empty_index):
    for key in ALL_KEYS:
        assert _terms(empty_index, key, "水 science علوم наука"), key
