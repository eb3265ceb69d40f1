"""Exports in, tables out, everything else kept and explained."""
