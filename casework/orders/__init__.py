"""Orders: an approved sanction, sent to each place where it has to hold."""
