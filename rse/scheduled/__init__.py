"""Scheduled posts: written now, sent later, by the same action, under the rights of then."""
