"""What session state holds of the Import page: files, what was decided of them, the import."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from app.import_job import ImportJob
from app.state import Key
from core.crm.importing import Preview
from core.crm.receipts import Receipt, SourceFile

PREVIEWS_KEPT: Final = 4


def upload_key() -> str:
    """Return the key of the drop zone; a new one empties it and frees what it held."""
    return f"{Key.UPLOADS}_{st.session_state.setdefault(Key.UPLOADS, 0)}"


def keep_receipts(receipts: tuple[Receipt, ...]) -> None:
    """Keep the account of the latest import for the page, and empty the drop zone."""
    st.session_state[Key.RECEIPTS] = receipts
    st.session_state.pop(Key.PREVIEWS, None)
    st.session_state.pop(Key.UNPACKED, None)
    st.session_state[Key.UPLOADS] = st.session_state.get(Key.UPLOADS, 0) + 1


def unpacked(
    digests: tuple[str, ...], make: Callable[[], tuple[SourceFile, ...]]
) -> tuple[SourceFile, ...]:
    """Return what the dropped files hold, opened once; a file that occurs twice counts once."""
    kept: tuple[tuple[str, ...], tuple[SourceFile, ...]] | None
    kept = st.session_state.get(Key.UNPACKED)
    if kept is None or kept[0] != digests:
        files = {file.digest: file for file in reversed(make())}
        kept = digests, tuple(reversed(files.values()))
        st.session_state[Key.UNPACKED] = kept
    return kept[1]


def receipts() -> tuple[Receipt, ...]:
    """Return the account of the latest import of this visit."""
    kept: tuple[Receipt, ...] = st.session_state.get(Key.RECEIPTS, ())
    return kept


def previews(key: str, make: Callable[[], tuple[Preview, ...]]) -> tuple[Preview, ...]:
    """Return the previews of a key, made once; only the last few are kept.

    They hold rows of the visitor's files, so they live and end with the session.
    """
    kept: dict[str, tuple[Preview, ...]] = st.session_state.setdefault(Key.PREVIEWS, {})
    if key not in kept:
        while len(kept) >= PREVIEWS_KEPT:
            kept.pop(next(iter(kept)))
        kept[key] = make()
    return kept[key]


def choice_key(what: str, digest: str = "") -> str:
    """Return the key of the widget that decides something about a file, or about all of them."""
    return f"{Key.CHOICE}_{what}_{digest}"


def choice(what: str, digest: str = "") -> str | None:
    """Return what the visitor decided, or None; also before the widget is drawn in this run."""
    return st.session_state.get(choice_key(what, digest)) or None


def mapping(digest: str) -> str | None:
    """Return the mapping the visitor made for a file, or None."""
    made: dict[str, str] = st.session_state.get(Key.MAPPINGS, {})
    return made.get(digest)


def keep_mapping(digest: str, text: str) -> None:
    """Keep the mapping of a file for this visit."""
    st.session_state.setdefault(Key.MAPPINGS, {})[digest] = text


def values(digest: str) -> str | None:
    """Return what the visitor said values of a file mean, or None."""
    said: dict[str, str] = st.session_state.get(Key.VALUES, {})
    return said.get(digest)


def keep_values(digest: str, text: str) -> None:
    """Keep what values of a file mean for this visit."""
    st.session_state.setdefault(Key.VALUES, {})[digest] = text


def times_forgotten() -> int:
    """Return how often the visitor let go of something remembered, for keys of previews."""
    return int(st.session_state.get(Key.FORGOTTEN, 0))


def note_forgotten() -> None:
    """Note that something remembered was let go of."""
    st.session_state[Key.FORGOTTEN] = times_forgotten() + 1


def import_job() -> ImportJob | None:
    """Return the import that is running, or whose end was not looked at yet."""
    job: ImportJob | None = st.session_state.get(Key.JOB)
    return job


def keep_import_job(job: ImportJob | None) -> None:
    """Keep the import that is running."""
    st.session_state[Key.JOB] = job


def note_stopped() -> None:
    """Note that the visitor stopped an import."""
    st.session_state[Key.STOPPED] = True


def was_stopped() -> bool:
    """Tell, once, that the visitor stopped an import."""
    return bool(st.session_state.pop(Key.STOPPED, False))
