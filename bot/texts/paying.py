"""What is said about money coming in."""

from bot.texts import Said

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
