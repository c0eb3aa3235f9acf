"""Backups of a whole node: pieces named by their SHA-256 in one folder, and a signed manifest each.

What a backup promises and how it is restored: docs/backup.md. Why it is so: decisions/0017.
"""

from morina.backup.folder import BackupFolder, Incoming
from morina.backup.manifest import BackupError, Manifest, Piece

__all__ = ["BackupError", "BackupFolder", "Incoming", "Manifest", "Piece"]
