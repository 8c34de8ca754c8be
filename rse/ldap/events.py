"""What a directory run tells the features above it."""

from dataclasses import dataclass

from rse.kernel.events import Event


@dataclass(frozen=True, slots=True)
class PlacesRead(Event):
    """A run of the directory has ended: who belongs in which space is written down."""

    name = "directory.places_read"
    directory: str
