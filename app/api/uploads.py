"""Files that come with a request: read with a limit, part by part, never more than is allowed."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Final

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from app.api.problems import RefusedError
from core.crm.receipts import SourceFile
from core.errors import InvalidParameterError

MOST_FILES: Final = 100
"""Files in one request; an archive counts as one."""

LONGEST_NAME: Final = 200

_FRAMING_BYTES: Final = 2**20
"""What a request may hold beside its files: the mapping, and the lines between the parts."""


@dataclass(frozen=True)
class Upload:
    """What came with a request.

    Parameters
    ----------
    files
        The files, in the order they came.
    mapping
        The text of a map.toml; blank where there is none.
    """

    files: tuple[SourceFile, ...]
    mapping: str


async def upload(request: Request, max_bytes: int) -> Upload:
    """Read the files of a multipart request.

    Raises
    ------
    RefusedError
        If it is larger than ``max_bytes``, or not multipart at all.
    InvalidParameterError
        If its parts are not what is expected.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise RefusedError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "Files travel as multipart/form-data.",
            "With curl: -F files=@deals.csv",
        )
    _require_size(_declared(request), max_bytes)
    parser = MultiPartParser(
        request.headers, _limited(request, max_bytes), max_files=MOST_FILES + 1, max_fields=1
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise InvalidParameterError(
            f"The body cannot be read: {error.message.rstrip('.')}.",
            "Send files, and at most one mapping, as multipart/form-data.",
        ) from error
    try:
        return await _upload(form)
    finally:
        await form.close()


async def _upload(form: FormData) -> Upload:
    files: list[SourceFile] = []
    mappings: list[str] = []
    for name, part in form.multi_items():
        if name == "mapping":
            mappings.append(_text(await part.read() if isinstance(part, UploadFile) else part))
        elif name == "files" and isinstance(part, UploadFile):
            files.append(SourceFile(_display_name(part.filename), await part.read()))
        else:
            raise InvalidParameterError(
                f"'{name[:LONGEST_NAME]}' is no part with a file that is expected here.",
                "There are files, each with a file name, and mapping.",
            )
    if not 1 <= len(files) <= MOST_FILES or len(mappings) > 1:
        raise InvalidParameterError(
            f"{len(files)} files and {len(mappings)} mappings came with the request.",
            f"Send 1 to {MOST_FILES} files, and at most one mapping.",
        )
    return Upload(tuple(files), "".join(mappings))


def _text(part: str | bytes) -> str:
    try:
        return part if isinstance(part, str) else part.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidParameterError(
            "The mapping is not UTF-8 text.", "Save it as UTF-8."
        ) from error


def _display_name(name: str | None) -> str:
    r"""Return a name to show, without the folders some clients send along.

    >>> _display_name("C:\\exports\\deals.csv"), _display_name("")
    ('deals.csv', 'file')
    """
    last = PurePosixPath((name or "").replace("\\", "/")).name
    return last[-LONGEST_NAME:] or "file"


def _declared(request: Request) -> int:
    told = request.headers.get("content-length", "")
    return int(told) if told.isdecimal() else 0


async def _limited(request: Request, max_bytes: int) -> AsyncGenerator[bytes, None]:
    """Yield the body, and stop where it gets larger than it may be, whatever it said before."""
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        _require_size(received, max_bytes)
        yield chunk


def _require_size(size: int, max_bytes: int) -> None:
    if size > max_bytes + _FRAMING_BYTES:
        raise RefusedError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"The request is larger than {max_bytes // 2**20} MB.",
            "Send its files one by one, split them, or raise PLUMBLINE_MAX_UPLOAD_MB.",
            # The rest of the body is not read, so the connection cannot be used again.
            {"Connection": "close"},
        )
