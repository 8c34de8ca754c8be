"""Live signals to open pages."""
