"""The text inside a VNPAY-QR: EMV's merchant-presented format, with a check of its own at the end."""

COUNTRY, CURRENCY = "VN", "704"
PLAYED = "PLAYED VNPAY"


def qr_text(terminal: str, vnd: int, ref: str, info: str) -> str:
    merchant = _field("00", "A000000775") + _field("01", terminal)
    extra = _field("01", ref[:25]) + _field("08", info[:25])
    head = "".join(
        _field(number, value)
        for number, value in (
            ("00", "01"),
            ("01", "12"),  # good for one payment
            ("26", merchant),
            ("52", "5999"),
            ("53", CURRENCY),
            ("54", str(vnd)),
            ("58", COUNTRY),
            ("59", PLAYED),
            ("60", "HANOI"),
            ("62", extra),
        )
    )
    return f"{head}6304{_crc(f'{head}6304'.encode()):04X}"


def _field(number: str, value: str) -> str:
    return f"{number}{len(value):02}{value}"


def _crc(data: bytes) -> int:
    """CRC-16/CCITT-FALSE, as EMV wants it."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc
