"""The encoding of a text that does not say it is found by the letters of its language."""

import codecs

import pytest

from exchange.tables.encodings import guess
from exchange.tables.fence import ENCODING_LABELS

TEXTS = [
    ("cp1252", "Progetta il tuo alieno; attività, età, più creatività\nPerché è così; Terra, gravità\n"),
    ("cp1252", "Titre;Matière\nModélisation par les aires;mathématiques\nÉquilibrer les équations;chimie, élève\n"),
    ("cp1252", "Lösungen;Übung für Schüler\nGrößen;Säuren und Lösungen\n"),
    ("cp1252", "Simulación;Año\nEcuación química;niños, montaña\n"),
    ("mac_roman", "Titre;Matière\nModélisation par les aires;mathématiques\nÉquilibrer les équations;chimie, élève\n"),
    ("cp1250", "Równowaga;Gęstość\nŚwiatło i cień;ciężar, łódź\n"),
    ("cp1250", "Zářivá světla;Příběh o čase\nKyseliny a zásady;žák, tříděný\n"),
    ("cp1250", "Sűrűség és egyensúly;Kísérlet\nGőz és hő;tanulók, időjárás\n"),
    ("cp1251", "Кислотно-основные растворы;Химия\nСтроитель площадей;математика\n"),
    ("cp1251", "Киселинно-основни разтвори;Химия\nПлощ и обем;математика\n"),
    ("cp1253", "Διαλύματα οξέων και βάσεων;Χημεία\nΕμβαδόν;μαθηματικά\n"),
    ("cp1254", "Asit-Baz Çözeltileri;Kimya\nAlan oluşturucu;ışık, gölge, ağırlık\nİnşaat;şeker\n"),
    ("cp1255", "תמיסות חומצה בסיס;כימיה\nבונה שטח;מתמטיקה\n"),
    ("cp1256", "محاليل حمض وقاعدة;كيمياء\nبناء المساحة;رياضيات\n"),
    ("cp1257", "Rūgščių ir bazių tirpalai;Chemija\nŠviesa ir šešėliai;žmogus, ąžuolas\n"),
    ("cp932", "酸と塩基の溶液;化学\n面積ビルダー;数学のあそび\n"),
    ("euc_jp", "酸と塩基の溶液;化学\n面積ビルダー;数学のあそび\n"),
    ("cp949", "산 염기 용액;화학\n넓이 만들기;수학\n"),
    ("gb18030", "编号,标题,学科\n1,酸碱溶液,化学\n2,区域建造者,数学\n3,配平化学方程式,化学\n"),
    ("big5", "編號,標題,學科\n1,酸鹼溶液,化學\n2,區域建造者,數學\n3,平衡化學方程式,化學\n"),
]


@pytest.mark.parametrize(("encoding", "text"), TEXTS, ids=[f"{encoding} {text[:8]}" for encoding, text in TEXTS])
def test_older_encodings_are_told_by_their_letters_and_called_a_guess(encoding, text):
    found = guess(text.encode(encoding))
    assert (text.encode(encoding).decode(found.encoding), found.is_sure) == (text, False)


@pytest.mark.parametrize(
    ("mark", "encoding", "found"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
        (b"", "utf-8", "utf-8"),
    ],
)
def test_a_byte_order_mark_or_valid_utf8_leaves_no_doubt(mark, encoding, found):
    guessed = guess(mark + "المعرف\tالعنوان\r\nلوح\tقوس قزح\r\n".encode(encoding))
    assert (guessed.encoding, guessed.is_sure) == (found, True)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(encoding):
    assert guess("Identifier;Titre\r\n1;Équilibre\r\n".encode(encoding)).encoding == encoding


@pytest.mark.parametrize("data", [b"", b"\x80", bytes(range(256)) * 3, b"\xff" * 50, b"a\x00b", b"\xfe\xff\x00"])
def test_any_bytes_give_some_encoding(data):
    assert guess(data).encoding


def test_every_encoding_that_is_offered_exists():
    assert [codecs.lookup(name).name for name in ENCODING_LABELS]


def test_of_a_long_line_a_part_is_enough():
    assert guess(("编号,标题\n" + "酸碱溶液" * 200_000).encode("gb18030")).encoding == "gb18030"
