"""Workbooks that are locked with the key built into Excel, which Excel opens without asking: unlocked, in memory.

Statistical yearbooks are sold so: nine in ten of their xls files. A workbook with a password of its own stays locked.
"""

from __future__ import annotations

import io

import msoffcrypto
from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

from gongbao.errors import UnreadableDocument

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BUILT_IN_KEY = "VelvetSweatshop"


def unlocked(data: bytes, name: str) -> bytes | None:
    """The workbook of a locked one; null where it is no locked workbook at all.

    Raises `UnreadableDocument`: password_protected.
    """
    if not data.startswith(OLE):
        return None
    found = io.BytesIO()
    try:
        office_file = msoffcrypto.OfficeFile(io.BytesIO(data))
        if not office_file.is_encrypted():
            return None
        office_file.load_key(password=_BUILT_IN_KEY)
        office_file.decrypt(found)
    except InvalidKeyError:
        raise _locked(f"{name} is locked with a password") from None
    except (DecryptionError, ValueError) as error:  # ValueError: by another key what is decrypted is no block
        raise _locked(f"{name} is locked in a way that is not known here ({error})") from None
    except MemoryError:
        raise
    except Exception:  # a damaged container, for which the library has no error of its own: the caller tells what it is
        return None
    return found.getvalue()


def _locked(what: str) -> UnreadableDocument:
    return UnreadableDocument(
        "password_protected", what, "save it again without a password, or ask the office for an open copy"
    )
