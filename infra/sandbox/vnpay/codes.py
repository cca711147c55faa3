"""What VNPAY calls things: response codes, banks, and the test cards it publishes."""

from collections.abc import Mapping
from dataclasses import dataclass

PAID, SUSPICIOUS, CANCELLED, EXPIRED_AT_BANK, WRONG_CARD, WRONG_OTP, NO_BALANCE = (
    "00",
    "07",
    "24",
    "11",
    "10",
    "13",
    "51",
)

# vnp_TransactionStatus
DONE, PENDING, FAILED, FRAUD, SENT, IN_PROCESS, REJECTED, LAPSED = "00", "01", "02", "07", "06", "05", "09", "11"

# vnp_ResponseCode -> (Vietnamese, English)
OUTCOMES: Mapping[str, tuple[str, str]] = {
    "00": ("Giao dịch thành công", "Paid"),
    "24": ("Khách hàng hủy giao dịch", "Cancelled by the payer"),
    "07": ("Đã trừ tiền, giao dịch bị nghi ngờ", "Money taken, transaction suspicious"),
    "09": ("Thẻ chưa đăng ký Internet Banking", "Card not registered for internet banking"),
    "10": ("Xác thực thẻ sai quá 3 lần", "Wrong card details more than 3 times"),
    "11": ("Hết hạn chờ thanh toán", "Payment window expired"),
    "12": ("Thẻ bị khóa", "Card locked"),
    "13": ("Sai mật khẩu OTP", "Wrong OTP"),
    "51": ("Tài khoản không đủ số dư", "Not enough balance"),
    "65": ("Vượt hạn mức trong ngày", "Daily limit exceeded"),
    "75": ("Ngân hàng đang bảo trì", "Bank under maintenance"),
    "79": ("Sai mật khẩu quá số lần", "Wrong password too often"),
    "99": ("Lỗi khác", "Other error"),
}

# Error.html?code= -> (Vietnamese, English)
ERRORS: Mapping[str, tuple[str, str]] = {
    "01": ("Giao dịch đã tồn tại", "This transaction already exists"),
    "03": ("Dữ liệu gửi sang không đúng định dạng", "The data sent is not in the right format"),
    "15": ("Giao dịch đã quá thời gian chờ thanh toán", "The time to pay has run out"),
    "70": ("Sai chữ ký", "Wrong signature"),
    "71": ("Website này chưa được phê duyệt", "This website is not approved"),
    "72": ("Không tìm thấy website", "This website was not found"),
    "99": ("Có lỗi xảy ra", "Something went wrong"),
}

QR, DOMESTIC, INTERNATIONAL = "VNPAYQR", "VNBANK", "INTCARD"  # vnp_BankCode for a way to pay, not for a bank
UNCHOSEN = "VNPAY"  # the bank of who left before choosing one

BANKS: Mapping[str, str] = {
    "NCB": "Ngân hàng Quốc Dân",
    "VIETCOMBANK": "Ngân hàng Ngoại thương Việt Nam",
    "VIETINBANK": "Ngân hàng Công thương Việt Nam",
    "BIDV": "Ngân hàng Đầu tư và Phát triển Việt Nam",
    "AGRIBANK": "Ngân hàng Nông nghiệp và Phát triển Nông thôn",
    "TECHCOMBANK": "Ngân hàng Kỹ thương Việt Nam",
    "MBBANK": "Ngân hàng Quân đội",
    "ACB": "Ngân hàng Á Châu",
    "VPBANK": "Ngân hàng Việt Nam Thịnh Vượng",
    "SACOMBANK": "Ngân hàng Sài Gòn Thương Tín",
    "TPBANK": "Ngân hàng Tiên Phong",
    "VIB": "Ngân hàng Quốc tế Việt Nam",
    "HDBANK": "Ngân hàng Phát triển TP. Hồ Chí Minh",
    "OCB": "Ngân hàng Phương Đông",
    "NAPAS": "Thẻ nội địa qua NAPAS",
}
CARD_TYPES: Mapping[str, str] = {QR: "QRCODE", UNCHOSEN: "QRCODE", "VISA": "VISA"}  # every bank: ATM


@dataclass(frozen=True, slots=True)
class Card:
    """A test card, and what comes of it once it is through its check."""

    bank: str
    number: str
    holder: str
    date: str  # MM/YY: issued for a domestic card, expiry for an international one
    check: str  # the OTP, or the CVV of an international one
    outcome: str

    @property
    def masked(self) -> str:
        return f"{self.number[:6]}{'x' * (len(self.number) - 10)}{self.number[-4:]}"


HOLDER = "NGUYEN VAN A"
CARDS = (
    Card("NCB", "9704198526191432198", HOLDER, "07/15", "123456", "00"),
    Card("NCB", "9704195798459170488", HOLDER, "07/15", "123456", "51"),
    Card("NCB", "9704192181368742", HOLDER, "07/15", "123456", "09"),
    Card("NCB", "9704193370791314", HOLDER, "07/15", "123456", "12"),
    Card("NCB", "9704194841945513", HOLDER, "07/15", "123456", "11"),
    Card("NAPAS", "9704000000000018", HOLDER, "03/07", "otp", "00"),
    Card("VISA", "4456530000001005", HOLDER, "12/26", "123", "00"),
    Card("VISA", "4456530000001096", HOLDER, "12/26", "123", "00"),
)
PURSE = CARDS[0]  # whose card is shown when nobody typed one in


def card_of(number: str) -> Card | None:
    return next((card for card in CARDS if card.number == number), None)


def card_type(bank: str) -> str:
    return CARD_TYPES.get(bank, "ATM")


def status_after(outcome: str) -> str:
    """vnp_TransactionStatus of a payment that ended so."""
    return {PAID: DONE, SUSPICIOUS: FRAUD}.get(outcome, FAILED)
