"""What is seen in pictures from the air: detectors and cues."""
