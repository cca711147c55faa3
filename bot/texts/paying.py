"""What is said about money coming in."""

from bot.texts import Said
from payments.tills import Reason

TOPUP: Said = {
    "vi": "💳 Gói {credits} credit – {vnd}đ. Bấm nút hoặc quét mã QR để thanh toán qua VNPAY. Liên kết có hiệu lực {minutes} phút. "
    "Mã đơn: {ref}",
    "en": "💳 {credits} credits – {vnd}đ. Press the button or scan the QR code to pay with VNPAY. The link is good for "
    "{minutes} minutes. Order: {ref}",
}
PENDING: Said = {
    "vi": "⏳ Chưa thấy xác nhận từ VNPAY. Mình sẽ tự kiểm tra và báo ngay; bạn không cần trả lại lần nữa.",
    "en": "⏳ VNPAY has not confirmed yet. We keep checking and tell you at once; there is no need to pay again.",
}
PAID: Said = {
    "vi": "🎉 Nạp thành công! +{credits} credit ({vnd}đ). Số dư: {free}. Mã GD: {ref}",
    "en": "🎉 Topped up! +{credits} credits ({vnd}đ). Balance: {free}. Reference: {ref}",
}
CANCELLED: Said = {
    "vi": "❌ Giao dịch đã huỷ, bạn chưa bị trừ tiền.",
    "en": "❌ The payment was cancelled, no money was taken.",
}
EXPIRED: Said = {"vi": "⌛ Liên kết đã hết hạn.", "en": "⌛ The link has expired."}

# Why a payment did not go through, in a whole sentence that also says what to do.
REASONS: dict[Reason, Said] = {
    Reason.OK: {"vi": "Thanh toán thành công.", "en": "The payment went through."},
    Reason.SUSPECT: {
        "vi": "VNPAY đã nhận tiền nhưng đang giữ lại để kiểm tra giao dịch.",
        "en": "VNPAY has taken the money and holds it while the payment is checked.",
    },
    Reason.NO_BANKING: {
        "vi": "Thẻ hoặc tài khoản chưa đăng ký Internet Banking. Bạn đăng ký với ngân hàng hoặc chọn cách trả khác nhé.",
        "en": "The card or account has no internet banking yet. Ask the bank to switch it on, or pay another way.",
    },
    Reason.WRONG_CARD: {
        "vi": "Thông tin thẻ hoặc tài khoản sai quá 3 lần. Bạn xem lại rồi thử lần nữa nhé.",
        "en": "The card or account details were wrong more than 3 times. Check them and try again.",
    },
    Reason.TIMED_OUT: {
        "vi": "Hết thời gian chờ thanh toán ở VNPAY.",
        "en": "The time to pay at VNPAY ran out.",
    },
    Reason.LOCKED: {
        "vi": "Thẻ hoặc tài khoản đang bị khoá. Bạn dùng thẻ khác hoặc liên hệ ngân hàng nhé.",
        "en": "The card or account is locked. Use another one, or ask the bank.",
    },
    Reason.WRONG_OTP: {
        "vi": "Mã OTP không đúng. Bạn thử lại và nhập mã mới nhất nhé.",
        "en": "The one-time password was wrong. Try again with the newest one.",
    },
    Reason.CANCELLED: {
        "vi": "Bạn đã huỷ ở VNPAY nên chưa bị trừ tiền.",
        "en": "You cancelled at VNPAY, so no money was taken.",
    },
    Reason.NO_BALANCE: {
        "vi": "Tài khoản không đủ số dư.",
        "en": "There is not enough money in the account.",
    },
    Reason.DAILY_LIMIT: {
        "vi": "Tài khoản đã vượt hạn mức giao dịch trong ngày. Bạn dùng tài khoản khác hoặc trả vào ngày mai nhé.",
        "en": "The account is over its limit for the day. Use another one, or pay tomorrow.",
    },
    Reason.MAINTENANCE: {
        "vi": "Ngân hàng đang bảo trì. Bạn chọn ngân hàng khác hoặc thử lại sau ít phút nhé.",
        "en": "The bank is closed for maintenance. Choose another one, or try again in a few minutes.",
    },
    Reason.WRONG_PASSWORD: {
        "vi": "Mật khẩu thanh toán bị nhập sai quá nhiều lần. Bạn thử lại sau hoặc trả cách khác nhé.",
        "en": "The payment password was wrong too often. Try later, or pay another way.",
    },
    Reason.REVERSED: {
        "vi": "Ngân hàng đã trừ tiền nhưng VNPAY chưa nhận được; khoản này đang được đối chiếu.",
        "en": "The bank has debited you but VNPAY was not paid; it is being looked into.",
    },
    Reason.UNFINISHED: {
        "vi": "Giao dịch ở VNPAY chưa xong.",
        "en": "The payment at VNPAY is not finished.",
    },
    Reason.OTHER: {
        "vi": "VNPAY không cho biết lý do. Bạn thử lại hoặc trả cách khác nhé.",
        "en": "VNPAY gave no reason. Try again, or pay another way.",
    },
}
