"""Names of the arrays that go round in here."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Moments in seconds since 1970 (UTC), NaN where there is none; also shares and other numbers.
Floats = NDArray[np.float64]
#: What a model is given: one row a task and moment, one column a feature.
Matrix = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
#: Strings, as an array of objects.
Words = NDArray[Any]

DAY = 86400.0
