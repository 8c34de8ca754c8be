"""What administrators change. Each act leaves a line in the audit record, in its transaction."""
