"""What the pages read from the snapshot and the scan. Plain functions; no screen."""
