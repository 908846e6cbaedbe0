"""Finds the carrier of a print house: SFTP where its file says so, else none, and the house reads its outbox folder."""

from delivery.channels.paper.print_houses.configured_houses import ConfiguredHouse
from delivery.channels.paper.print_houses.lot_carrier import LotCarrier


def carrier_of(house: ConfiguredHouse) -> LotCarrier | None:
    """Return what carries lots to this house; None when it reads the outbox itself."""
    if house.sftp is None:
        return None
    from delivery.channels.paper.print_houses.sftp_carrier import SftpCarrier  # asyncssh takes 0.2 s to load

    return SftpCarrier(house.sftp)
