"""What holds for every test."""

from importlib.util import find_spec

import forecasts

# Importing the package sets fast-math off and one BLAS thread, before any test imports a sampler: else
# the same seed gives other draws from a cold than from a warm compile cache.
assert forecasts.__doc__

# The browser tests need requirements-dev.txt. Who installed requirements.txt only can still run the
# others; asking for `-m browser` then finds no test, which pytest reports as exit code 5.
collect_ignore = [] if find_spec("playwright") else ["browser"]
