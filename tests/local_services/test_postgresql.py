import os

import psycopg
import pytest

URL = os.environ.get("TEST_POSTGRES_URL", "")
pytestmark = pytest.mark.skipif(not URL, reason="needs TEST_POSTGRES_URL, which `make test` sets where PostgreSQL is installed")


def test_the_cluster_takes_our_password_and_speaks_utf8() -> None:
    with psycopg.connect(URL) as connection:
        row = connection.execute("select current_user, current_setting('server_encoding'), 'Ærø 彗星'").fetchone()

    assert row == ("festival", "UTF8", "Ærø 彗星")


def test_the_cluster_refuses_another_password() -> None:
    wrong = URL.replace("festival:", "festival:x", 1)
    if wrong == URL:
        pytest.skip("the given cluster asks for no password")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)
