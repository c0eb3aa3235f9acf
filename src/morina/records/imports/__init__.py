"""Another system's history made reads of ours: docs/records-import.md."""
