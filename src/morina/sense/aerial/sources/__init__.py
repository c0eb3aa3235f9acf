"""What aircraft say of themselves: each format becomes a flight."""
