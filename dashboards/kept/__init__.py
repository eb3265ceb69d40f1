"""What investigators keep of their own: saved views and notes, in the workspace's `desk.db`."""
