"""How letters leave: one `send` for whatever channel, with one way to fail."""

from care.channels.seam import Channels, NotSent, Outgoing, send

__all__ = ["Channels", "NotSent", "Outgoing", "send"]
