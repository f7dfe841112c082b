"""Messages that the browser shows, through the push service of its maker (RFC 8030, 8188, 8291, 8292)."""

from server.notify.channels import Channel
from server.settings import Settings


def make(settings: Settings) -> Channel | None:
    """The channel of this installation; None where nobody is named whom a push service may write to."""
    # Only a process that sends needs the code that seals: pages and commands do without.
    from server.notify.webpush import channel

    return channel.make(settings)
