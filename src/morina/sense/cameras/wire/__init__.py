"""What many makers' payloads need: reading them safely, and their scales, times and spellings.

No input or output; every function raises PayloadError with the place of what it cannot take.
"""
