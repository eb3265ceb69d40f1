"""The model, the stores and the scan. Knows no law and no screen."""
