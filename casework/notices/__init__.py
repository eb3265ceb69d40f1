"""Notices (公示, 告知书, 处理通知书, 恢复通知书): written from templates an office edits, and served."""

from casework.notices.served import About, Kind, Served, notices, notices_about, serve

__all__ = ["About", "Kind", "Served", "notices", "notices_about", "serve"]
