"""The nation as rows: what registering, asking, accepting and meeting would have written, table by table."""
