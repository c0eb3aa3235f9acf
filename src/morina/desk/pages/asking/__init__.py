"""Pages on which partners are asked, and their follow-ups answered."""
