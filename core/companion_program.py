"""The program of a second process that does slow arithmetic: see `core.companion`.

Arguments: the folder of the product, that of what it writes, which goes with it, and functions to
call before anything is asked, as ``module:function``. Standard input: questions, each a pickled
function with its arguments behind its length, eight bytes. Standard output: each answer in the same
form. It ends when nobody can ask any more. Only who started it can write to its input, so what it
unpickles is our own.
"""

import gc
import os
import pickle
import shutil
import sys
from importlib import import_module
from typing import BinaryIO, Final

LENGTH_BYTES: Final = 8


def answer_all(asked: BinaryIO, out: BinaryIO) -> None:
    """Answer questions until there is none."""
    while len(head := asked.read(LENGTH_BYTES)) == LENGTH_BYTES:
        function, arguments = pickle.loads(asked.read(int.from_bytes(head)))  # noqa: S301 - see above
        answer = pickle.dumps(function(*arguments))
        out.write(len(answer).to_bytes(LENGTH_BYTES) + answer)
        out.flush()


def _main() -> None:
    root, folder, *ready = sys.argv[1:]
    sys.path.insert(0, root)
    gc.disable()  # it lives for seconds
    # What a library prints must not come between the answers.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for name in ready:
        module, _, function = name.partition(":")
        getattr(import_module(module), function)()
    answer_all(sys.stdin.buffer, out)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _main()
