"""What the pay pages say, Vietnamese and English side by side."""

from collections.abc import Mapping

from infra.sandbox.vnpay.codes import ERRORS, OUTCOMES

WORDS: Mapping[str, tuple[str, str]] = {
    "played": ("VNPAY giả lập – không có tiền thật", "Played VNPAY – no real money"),
    "gateway": ("Cổng thanh toán", "Payment gateway"),
    "order": ("Thông tin đơn hàng", "Your order"),
    "amount": ("Số tiền thanh toán", "Amount to pay"),
    "info": ("Nội dung", "Description"),
    "ref": ("Mã đơn hàng", "Order reference"),
    "merchant": ("Đơn vị chấp nhận thanh toán", "Merchant terminal"),
    "left": ("Giao dịch hết hạn sau", "Time left to pay"),
    "method": ("Chọn phương thức thanh toán", "Choose how to pay"),
    "qr": ("Quét mã VNPAY-QR", "Scan a VNPAY-QR code"),
    "qr_hint": ("Ứng dụng ngân hàng hoặc ví điện tử", "With a banking app or an e-wallet"),
    "domestic": ("Thẻ nội địa và tài khoản ngân hàng", "Domestic card or bank account"),
    "domestic_hint": ("Chọn ngân hàng của bạn", "Choose your bank"),
    "card": ("Thẻ thanh toán quốc tế", "International card"),
    "card_hint": ("Visa – dùng thẻ thử", "Visa – with a test card"),
    "scan": (
        "Mã này chỉ để xem: không ứng dụng nào trừ tiền của bạn.",
        "Only to be looked at: no app takes money here.",
    ),
    "scanned": ("Giả lập: đã quét và thanh toán", "Play: scanned and paid"),
    "test_cards": ("Thẻ thử của VNPAY – chạm một lần là xong", "VNPAY's test cards – one tap is enough"),
    "own_card": ("Hoặc nhập thẻ", "Or type a card in"),
    "number": ("Số thẻ", "Card number"),
    "holder": ("Tên chủ thẻ", "Name on the card"),
    "issued": ("Ngày phát hành (MM/YY)", "Date of issue (MM/YY)"),
    "expires": ("Ngày hết hạn (MM/YY)", "Expiry (MM/YY)"),
    "cvv": ("CVV", "CVV"),
    "otp": ("Mật khẩu OTP", "One-time password"),
    "otp_hint": ("OTP của thẻ thử: 123456 (NAPAS: otp)", "OTP of the test cards: 123456 (NAPAS: otp)"),
    "go_on": ("Tiếp tục", "Continue"),
    "confirm": ("Xác nhận thanh toán", "Confirm payment"),
    "wrong_card": (
        "Thẻ không có trong danh sách thẻ thử. Xin kiểm tra lại.",
        "Not one of the test cards. Please check.",
    ),
    "wrong_otp": ("OTP không đúng. Xin nhập lại.", "Wrong OTP. Please try again."),
    "cancel": ("Hủy giao dịch", "Cancel payment"),
    "succeed": ("Thanh toán thành công", "Pay successfully"),
    "play": ("Giả lập kết quả", "Play an outcome"),
    "outcomes": ("Các kết quả khác", "Other outcomes"),
    "back": ("Chọn phương thức khác", "Choose another way"),
    "error": ("Không thể thanh toán", "This payment cannot be made"),
    "error_code": ("Mã lỗi", "Error code"),
    "error_hint": (
        "Trang này không chuyển về website bán hàng. Xin quay lại và tạo giao dịch mới.",
        "This page does not lead back to the shop. Please go back there and begin again.",
    ),
    "bank": ("Ngân hàng", "Bank"),
}


class Say:
    """The words of one language: `vn` or `en`, as vnp_Locale has it."""

    def __init__(self, locale: str) -> None:
        self._english = int(locale == "en")

    @property
    def language(self) -> str:
        return "en" if self._english else "vi"

    def __call__(self, word: str) -> str:
        return WORDS[word][self._english]

    def outcome(self, code: str) -> str:
        return OUTCOMES[code][self._english]

    def error(self, code: str) -> str:
        return ERRORS.get(code, ERRORS["99"])[self._english]

    def vnd(self, amount: int) -> str:
        return f"{amount:,} VND" if self._english else f"{amount:,} ₫".replace(",", ".")
