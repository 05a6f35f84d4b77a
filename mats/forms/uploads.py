"""Files of a form are cut off while they arrive: no upload fills the disk of the machine."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_FILES = 3
SLACK_BYTES = 1024 * 1024  # for the other fields and the boundaries between them


class CappedUpload(FileUploadHandler):
    """Refuses a request that says it is too long (413), and drops what a file brings past its cap.

    A file that was cut arrives a little longer than the cap, so that its form sees it is too long.
    """

    def handle_raw_input(self, input_data: Any, META: dict, content_length: int, *more: Any, **also: Any) -> None:  # noqa: N803
        if content_length > MAX_FILES * MAX_FILE_BYTES + SLACK_BYTES:
            raise RequestDataTooBig("The files of this form are too large.")

    def new_file(self, *arguments: Any, **named: Any) -> None:
        super().new_file(*arguments, **named)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.received > MAX_FILE_BYTES:
            return None
        self.received += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
