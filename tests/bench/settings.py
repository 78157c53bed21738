"""The portal's settings with the benchmark's addresses."""

from klimaspor.settings import *  # noqa: F403  # the same settings, with one more URL

ROOT_URLCONF = "tests.bench.urls"
