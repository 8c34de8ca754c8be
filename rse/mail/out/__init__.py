"""Mail on its way out: rendered for one reader, queued, handed to the relay."""
