"""Search over what the features declare: documents, index, permission filter, page."""
