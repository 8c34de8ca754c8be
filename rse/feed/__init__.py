"""The feed: posts, comments, reactions, mentions. Post is the envelope everything hangs on."""
