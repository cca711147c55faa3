"""What is said about an image on its way."""

from bot.texts import Said

READY: Said = {
    "vi": "✅ Xong · đã dùng {price} credit · Ảnh do AI tạo",
    "en": "✅ Done · {price} credits used · Image made by AI",
}
SEND_AGAIN: Said = {
    "vi": "📨 Ảnh của bạn đã vẽ xong nhưng mình không chắc đã gửi tới nơi. Bấm Gửi lại để nhận, không mất credit.",
    "en": "📨 Your picture is done, but we cannot tell whether it reached you. Press Send again, it costs nothing.",
}
AGAIN_BUTTON: Said = {"vi": "Gửi lại", "en": "Send again"}
FAILED: Said = {
    "vi": "😔 Rất tiếc, lần này không tạo được ảnh. Đã hoàn {price} credit. Mã hỗ trợ: {code}",
    "en": "😔 Sorry, this picture could not be made. {price} credits are back with you. Support code: {code}",
}
BLOCKED: Said = {
    "vi": "🚫 Ảnh tạo ra chưa phù hợp quy định nội dung. Đã hoàn {price} credit. Bạn sửa lại mô tả giúp mình nhé.",
    "en": "🚫 The picture would break our content rules. {price} credits are back with you. Please change the words.",
}
RETRY_BUTTON: Said = {"vi": "🔁 Thử lại", "en": "🔁 Try again"}
CANCELLED: Said = {
    "vi": "❌ Đã huỷ. Đã hoàn {price} credit.",
    "en": "❌ Cancelled. {price} credits are back with you.",
}
GIVEN_BACK: Said = {
    "vi": "↩️ Ảnh không tới được bạn nên mình đã thu lại ảnh và hoàn {price} credit.",
    "en": "↩️ The picture could not reach you, so it was withdrawn and {price} credits are back with you.",
}
