"""What a ring, a case or a selection of the canvas looks like outside: its content, and each format it is written in."""
