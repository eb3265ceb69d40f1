"""Who sits before the screen, what they may open and do, and the audit of what they saw and took."""
