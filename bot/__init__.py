"""The Discord bot and its terminal twin: they read artifacts and never train."""

import os

# Set before numpy is imported anywhere in the bot: several BLAS threads on the small products of
# one answer cost more processor time than they save, and memory beside it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
