"""What the authority answers for, as the desk shows it: clocks, requests, reviews, papers."""
