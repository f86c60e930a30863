"""Scores and bandwidth in; the certified best assignment out. Pure: no database, no queue, no settings."""
