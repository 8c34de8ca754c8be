"""The first steps of somebody new: at most five, read from what they have really done."""
