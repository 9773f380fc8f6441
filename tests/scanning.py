"""Which files hold a word, asked of another process: who closes a store's file loses its locks."""

import subprocess
from pathlib import Path


def holding(folder: Path, word: str, begins: str = "") -> set[str]:
    """The names of the files in a folder and those below it that hold a word in any case.

    ``begins`` is how a name in the folder begins.
    """
    beside = [one for one in folder.iterdir() if one.name.startswith(begins)]
    done = subprocess.run(
        ["grep", "-rlia", "--fixed-strings", "--null", word, *beside], capture_output=True, check=False
    )
    assert done.returncode < 2, done.stderr
    return {Path(name.decode()).name for name in done.stdout.split(b"\0") if name}
