"""Limits of a process that opens what strangers sent. Knows nothing of Django, since such a process does not."""

import resource


def bind(*, memory_bytes: int, cpu_seconds: int, file_bytes: int) -> None:
    """Bind this process and its children to memory, processor time and the size of what they write, for good; they leave no core dump."""
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
