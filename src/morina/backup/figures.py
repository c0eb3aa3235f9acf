"""What is measured of backups (docs/backup.md)."""

from prometheus_client import Gauge

LAST = Gauge(
    "morina_backup_last_timestamp_seconds",
    "When the last good backup was whole, Unix time; 0: there is none.",
)
FAILED = Gauge("morina_backup_failed", "1 while the last try to take a backup came to nothing.")
