"""Where a setting comes from: the process environment, then `.env`, then what the launcher remembered in DATA_DIR/runtime.env."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent


def read_environment() -> tuple[environ.Env, Path]:
    """Return the environment and DATA_DIR; an earlier source is never overwritten by a later one."""
    env = environ.Env()
    env.read_env(str(BASE_DIR / ".env"))
    data_dir = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).expanduser()
    if not data_dir.is_absolute():
        data_dir = BASE_DIR / data_dir
    env.read_env(str(data_dir / "runtime.env"))
    return env, data_dir
