"""What people decide, why, and under which rule."""
