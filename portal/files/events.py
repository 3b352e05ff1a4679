"""What can happen to a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event, personal_field
from portal.kernel.i18n import _l

FILE = "file"


@dataclass(frozen=True, kw_only=True)
class _OfFile:
    file_id: int

    def subject(self) -> Ref:
        return Ref(FILE, self.file_id)


@dataclass(frozen=True, kw_only=True)
class FileUploaded(_OfFile, Event):
    """Somebody sent a file; only they see it."""

    name: ClassVar[str] = "file.uploaded"
    label: ClassVar[Any] = _l("Lastet opp en fil")
    media_type: str
    size: int
    sha256: str
    file_name: str = personal_field()


@dataclass(frozen=True, kw_only=True)
class FileAttached(_OfFile, Event):
    """A file was put on a thing; it waits for moderation, unless it is the municipality's own word."""

    name: ClassVar[str] = "file.attached"
    label: ClassVar[Any] = _l("La ved en fil")
    kind: str
    target_id: int
    is_official: bool = False


@dataclass(frozen=True, kw_only=True)
class FileSent(_OfFile, Event):
    """A file on a draft was sent in with it; it waits for moderation."""

    name: ClassVar[str] = "file.sent"
    label: ClassVar[Any] = _l("Sendte inn en fil med det den hører til")
    kind: str
    target_id: int


@dataclass(frozen=True, kw_only=True)
class FileEdited(_OfFile, Event):
    """Its uploader changed what is said of a file; it waits for moderation again."""

    name: ClassVar[str] = "file.edited"
    label: ClassVar[Any] = _l("Endret teksten til en fil")


@dataclass(frozen=True, kw_only=True)
class FileDetached(_OfFile, Event):
    """Its uploader took a file off the thing it was on."""

    name: ClassVar[str] = "file.detached"
    label: ClassVar[Any] = _l("Tok bort et vedlegg")
    kind: str
    target_id: int


@dataclass(frozen=True, kw_only=True)
class FileRemoved(_OfFile, Event):
    """A file is gone: its uploader removed it, its thing went, or it was never put on anything."""

    name: ClassVar[str] = "file.removed"
    label: ClassVar[Any] = _l("Fjernet en fil")
    reason: str
