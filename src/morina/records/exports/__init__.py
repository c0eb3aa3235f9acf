"""Answers taken out for a case: files, a signed manifest, and the check of both."""
