"""The maths: arrays in, draws out. Only runs, the worker and the commands touch the store."""

import os

# Set before numpy, pytensor or numba is first imported. One BLAS thread: a 64 x 64 Cholesky in the
# likelihood is twenty times slower with two. Fast-math off: with it a cold and a warm compile cache
# give different draws for the same seed.
for _name, _value in {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTENSOR_FLAGS": "numba__fastmath=False",
}.items():
    os.environ.setdefault(_name, _value)

SEED = 20260101  # of every random draw, unless told otherwise
