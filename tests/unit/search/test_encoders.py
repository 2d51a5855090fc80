"""The encoders themselves: what every one of them must keep, and what is theirs."""

from functools import lru_cache

import numpy as np
import pytest

from search.encoders import ENCODERS, Floor

KIT = "Costruire un razzo ad acqua. Con una bottiglia, acqua e una pompa da bicicletta i ragazzi fanno un razzo."
OTHERS = [
    "Les ombres chinoises. Un théâtre d'ombres avec une lampe et du carton.",
    "Steine aus dem Bach. Wir sammeln Kiesel am Ufer und bestimmen ihr Gestein.",
    "面包和酵母。孩子们烤面包，用显微镜看酵母。",
]


@lru_cache
def loaded(name):
    return ENCODERS[name]()


@pytest.fixture(params=ENCODERS)
def encoder(request):
    return loaded(request.param)


def test_vectors_have_the_length_that_the_index_is_told(encoder):
    vectors = encoder.encode_passages([KIT, *OTHERS])
    assert vectors.shape == (4, encoder.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(encoder.encode_question("water rocket")) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("question", ["water rocket", "用水做火箭", "как сделать ракету из бутылки"])
def test_a_question_is_nearest_to_its_answer_and_above_the_floor(encoder, question):
    near, *others = encoder.encode_passages([KIT, *OTHERS]) @ encoder.encode_question(question)
    assert near > encoder.floor.of(question)
    assert near > max(others)


@pytest.mark.parametrize("question", ["xqzv blorf", "asdfghjkl", "йцукен", "ㅁㄴㅇㄹ", "龘靐齉爩"])
def test_what_is_no_language_has_no_vector(encoder, question):
    assert encoder.encode_question(question) is None


@pytest.mark.parametrize("question", ["moon", "Mond", "月", "lune et marées", "القمر", "ดวงจันทร์", "달", "луна", "gezegenler"])
def test_one_word_of_a_language_has_one(encoder, question):
    assert encoder.encode_question(question) is not None


def test_a_text_has_one_vector_whatever_else_is_encoded_with_it(encoder):
    together = encoder.encode_passages([KIT, *OTHERS])
    alone = np.vstack([encoder.encode_passages([text]) for text in [KIT, *OTHERS]])
    assert together == pytest.approx(alone, abs=1e-3)


def test_e5_brings_languages_that_the_other_does_not_know():
    first, both = ENCODERS["use-multilingual"], ENCODERS["use-multilingual+e5"]
    assert not first.knows("el")
    assert both.knows("el")
    assert first.knows("pt-BR")
    assert both.knows("pt-BR")
    near, *others = loaded("use-multilingual+e5").encode_passages(
        ["Η Σελήνη με γρανάζια. Ένα μοντέλο του μηχανισμού των Αντικυθήρων.", *OTHERS]
    ) @ loaded("use-multilingual+e5").encode_question("a gear model of the Moon's motion")
    assert near > max(others)


@pytest.mark.parametrize(
    ("question", "floor"),
    [
        ("", 0.3),
        ("moon", 0.3),
        ("water rocket", 0.3),
        ("four words of it", 0.2),
        ("a question of no less than seven words", 0.1),
        ("火山实验", 0.3),
        ("火山实验做法怎么", 0.2),
        ("用水和瓶子做火箭的实验方法", 0.1),
        ("ภูเขาไฟระเบิด", 0.2),
    ],
)
def test_the_longer_a_question_the_lower_the_floor(question, floor):
    assert Floor(of_two_words=0.3, of_six_words=0.1).of(question) == pytest.approx(floor)
