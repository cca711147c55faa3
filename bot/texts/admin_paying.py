"""What admins read about money: alarms first, then what they can ask and do."""

from bot.texts import Said

LOOK: Said = {"vi": "Xem: /order {ref}", "en": "Look: /order {ref}"}
LOOK_BUTTON: Said = {"vi": "🔎 Xem đơn", "en": "🔎 Look at it"}
ALARMS: dict[str, Said] = {
    "paid late": {
        "vi": "⏰ Đơn {ref} được trả tiền sau khi đã đóng. Người mua đã nhận credit.",
        "en": "⏰ Order {ref} was paid after it had been closed. Its person has the credits.",
    },
    "paid double": {
        "vi": "👯 Đơn {ref} và đơn mà nó thay thế đều đã được trả tiền. Cả hai đã cộng credit. Nếu người mua chỉ muốn một, hoàn tiền: "
        "/refund {ref} LÝ_DO",
        "en": "👯 Order {ref} and the one it stands for were both paid, and both are credited. If one was wanted, pay it back: "
        "/refund {ref} REASON",
    },
    "paid without a call": {
        "vi": "📵 VNPAY không gọi báo về đơn {ref}; nhờ tự hỏi mới biết là đã trả tiền. Credit đã cộng. Nếu hay gặp, kiểm tra địa chỉ IPN: "
        "imagify doctor",
        "en": "📵 VNPAY did not call about order {ref}; it was found paid by asking. It is credited. If this goes on, check the "
        "IPN address: imagify doctor",
    },
    "review": {
        "vi": "🕵️ Đơn {ref} cần xem xét ({reason}): có thể tiền đã bị trừ, chưa cộng credit. Xem trên cổng VNPAY rồi hỏi lại: "
        "/recheck {ref}",
        "en": "🕵️ Order {ref} needs a look ({reason}): money may have been taken, nothing is credited. Look in VNPAY's portal, "
        "then ask again: /recheck {ref}",
    },
    "wrong amount": {
        "vi": "⚖️ VNPAY báo đơn {ref} được trả {amount}đ, khác giá gói. Chưa cộng credit; tiền đang ở VNPAY.",
        "en": "⚖️ VNPAY says {amount}đ were paid for order {ref}, which is not its price. Nothing is credited; the money is at "
        "VNPAY.",
    },
    "paid while refunded": {
        "vi": "🔁 Đơn {ref} đang hoặc đã hoàn tiền lại được trả thêm lần nữa. Lần này chưa cộng credit; hoàn trên cổng VNPAY.",
        "en": "🔁 Order {ref}, which is being paid back or was, was paid once more. That payment is not credited; pay it back in "
        "VNPAY's portal.",
    },
    "refund pending": {
        "vi": "🐌 Hoàn tiền đơn {ref} đã quá 3 ngày chưa xong; credit vẫn đang giữ. Xem trên cổng VNPAY rồi quyết: "
        "/refunded {ref} yes LÝ_DO hoặc /refunded {ref} no LÝ_DO",
        "en": "🐌 The refund of order {ref} is not over after 3 days; its credits stay held. Look in VNPAY's portal, then decide: "
        "/refunded {ref} yes REASON or /refunded {ref} no REASON",
    },
    "refund refused": {
        "vi": "🙅 VNPAY từ chối hoàn tiền đơn {ref} (mã {code}). Credit đã trả lại cho người mua.",
        "en": "🙅 VNPAY refused to pay order {ref} back (code {code}). The person has the credits again.",
    },
    "refunded": {
        "vi": "💸 Đã hoàn tiền đơn {ref}; credit của đơn đã thu lại và người mua đã được báo.",
        "en": "💸 Order {ref} is paid back; its credits are gone and its person has been told.",
    },
}
OTHER_ALARM: Said = {"vi": "❗ {what}: đơn {ref}", "en": "❗ {what}: order {ref}"}
REASONS: dict[str, Said] = {
    "ok": {"vi": "thành công", "en": "all well"},
    "suspect": {"vi": "nghi ngờ gian lận", "en": "suspected of fraud"},
    "no banking": {"vi": "chưa đăng ký ngân hàng điện tử", "en": "no internet banking"},
    "wrong card": {"vi": "sai thông tin thẻ", "en": "wrong card details"},
    "timed out": {"vi": "hết giờ", "en": "out of time"},
    "locked": {"vi": "thẻ bị khoá", "en": "card locked"},
    "wrong otp": {"vi": "sai OTP", "en": "wrong one-time password"},
    "cancelled": {"vi": "khách huỷ", "en": "cancelled by the payer"},
    "no balance": {"vi": "không đủ tiền", "en": "not enough money"},
    "daily limit": {"vi": "quá hạn mức ngày", "en": "over the day's limit"},
    "maintenance": {"vi": "ngân hàng bảo trì", "en": "bank closed for maintenance"},
    "wrong password": {"vi": "sai mật khẩu", "en": "wrong password"},
    "reversed": {"vi": "ngân hàng đã trừ, VNPAY chưa nhận", "en": "debited by the bank, not received by VNPAY"},
    "unfinished": {"vi": "chưa xong", "en": "not finished"},
    "other": {"vi": "lý do khác", "en": "another reason"},
}
