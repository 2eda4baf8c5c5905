"""A file somebody sends is never laid on the disk in the clear, not even for the second in which it is read.

By itself Werkzeug writes every upload above 500 kB into a temporary file: a whole register of names, which stays in the
free blocks of the disk after the file is gone. How large a file may be is the guard's and the view's to say.
"""

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request

from safehouse.web.foreign import Posted


class InMemory(Request):
    parameter_storage_class = Posted

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return BytesIO()


def init_app(app: Flask) -> None:
    app.request_class = InMemory
