"""Starts TensorFlow without its chatter, which would drown the one line that matters."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager

# Read when TensorFlow is imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def start_tensorflow() -> None:
    """Import TensorFlow and let it say, unheard, which processor instructions it uses.

    It says so from compiled code at the first matrix product, whatever its log level.
    """
    with _standard_error_closed():
        import tensorflow as tf

        tf.linalg.matmul(tf.ones((2, 2)), tf.ones((2, 2)))  # pyright: ignore[reportUnknownMemberType]


@contextmanager
def _standard_error_closed() -> Generator[None]:
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
