"""The screens investigators work in."""
