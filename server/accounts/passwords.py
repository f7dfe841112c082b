"""Hashing of passwords: argon2id, in threads of its own, so that the loop goes on serving."""

import asyncio
import secrets
import string
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: OWASP's second choice of cost: 19 MiB, two passes; about 20 ms.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

#: Two at a time: sign-ins wait for each other, not the pages for the sign-ins.
_THREADS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


@cache
def _nobody() -> str:
    return HASHER.hash("the password of nobody")


async def hash_password(password: str) -> str:
    """The hash to store, salt and cost included."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, HASHER.hash, password)


def _verify(stored: str | None, password: str) -> bool:
    try:
        right = HASHER.verify(stored or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


async def matches(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the hash. Without a hash the answer is no, after the same work."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _verify, stored, password)


#: Letters that nobody takes for another when a password is read aloud or copied by hand.
CLEAR = [
    [letter for letter in group if letter not in "l1IoO0"] for group in (string.ascii_lowercase, string.ascii_uppercase, string.digits)
]
SIGNS = "-!?#"
LENGTH = 16


def random_password() -> str:
    """A password of 16 that passes the rules: lower case, upper case, digits and a sign, in no order."""
    groups = [*CLEAR, list(SIGNS)]
    letters = [secrets.choice(group) for group in groups]
    letters += [secrets.choice(groups[secrets.randbelow(3)]) for _ in range(LENGTH - len(letters))]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)
