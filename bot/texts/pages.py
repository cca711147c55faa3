"""What the pages of an order say."""

from bot.texts import Said

# -- what became of it: a title, and what there is to do ---------------------------------------------------------------

TITLES: dict[str, Said] = {
    "open": {"vi": "Nạp credit", "en": "Top up"},
    "opened": {"vi": "Đang chờ VNPAY xác nhận", "en": "Waiting for VNPAY"},
    "waiting": {"vi": "Đang chờ VNPAY xác nhận", "en": "Waiting for VNPAY"},
    "paid": {"vi": "Đã thanh toán", "en": "Paid"},
    "expired": {"vi": "Liên kết đã hết hạn", "en": "This link has expired"},
    "cancelled": {"vi": "Đơn đã huỷ", "en": "This order was cancelled"},
    "failed": {"vi": "Thanh toán chưa thành công", "en": "The payment did not go through"},
    "replaced": {"vi": "Đã có đơn mới hơn", "en": "There is a newer order"},
    "review": {"vi": "Khoản tiền đang được kiểm tra", "en": "The payment is being checked"},
    "refunding": {"vi": "Đang hoàn tiền", "en": "On its way back to you"},
    "refunded": {"vi": "Đã hoàn tiền", "en": "Paid back"},
}
ADVICE: dict[str, Said] = {
    "open": {
        "vi": "Bạn chọn cách trả rồi bấm nút: VNPAY sẽ mở ra để bạn thanh toán.",
        "en": "Choose how to pay and press the button: VNPAY opens, and you pay there.",
    },
    "opened": {
        "vi": "Đơn này đã được mở ở VNPAY. Nếu bạn đã trả tiền thì không cần trả lại lần nữa: trang này tự cập nhật khi VNPAY xác nhận.",
        "en": "This order is open at VNPAY. If you have paid there is no need to pay again: this page changes by itself once VNPAY confirms.",
    },
    "waiting": {
        "vi": "Mình đang hỏi VNPAY. Bạn không cần trả lại lần nữa: trang này tự cập nhật, và mình cũng báo trong cuộc trò chuyện.",
        "en": "We are asking VNPAY. There is no need to pay again: this page changes by itself, and we tell you in the chat as well.",
    },
    "paid": {
        "vi": "Credit đã vào tài khoản của bạn. Cảm ơn bạn!",
        "en": "The credits are yours. Thank you!",
    },
    "expired": {
        "vi": "Đơn này không trả được nữa. Bạn tạo đơn mới với cùng gói nhé.",
        "en": "This order can no longer be paid. You can make a new one for the same package.",
    },
    "cancelled": {
        "vi": "Đơn này đã được huỷ. Nếu vẫn muốn nạp, bạn tạo đơn mới với cùng gói nhé.",
        "en": "This order is no longer wanted. If you want the credits after all, make a new one for the same package.",
    },
    "failed": {
        "vi": "Credit chưa được cộng. Bạn có thể thử lại với một đơn mới.",
        "en": "No credits were added. You can try again with a new order.",
    },
    "replaced": {
        "vi": "Một đơn mới đã thay cho đơn này. Bạn trả đơn mới thôi nhé.",
        "en": "A new order stands in the place of this one. Please pay the new one.",
    },
    "review": {
        "vi": "Bạn không cần làm gì và đừng trả lại lần nữa: người của Imagify sẽ xem và báo bạn trong cuộc trò chuyện. Cần hỏi thêm, bạn gõ /paysupport ở đó.",
        "en": "There is nothing to do, and please do not pay again: a person at Imagify looks at it and tells you in the chat. To ask, say /paysupport there.",
    },
    "refunding": {
        "vi": "Khoản này đang được hoàn qua VNPAY; ngân hàng có thể cần vài ngày.",
        "en": "This payment is being returned through VNPAY; the bank may take some days.",
    },
    "refunded": {
        "vi": "Khoản này đã được hoàn qua VNPAY và credit của đơn đã thu lại. Tiền về tài khoản sau vài ngày, tuỳ ngân hàng.",
        "en": "This payment was returned through VNPAY and its credits were taken back. The money arrives within days, as the bank does it.",
    },
}
PAID_ALL_THE_SAME: Said = {
    "vi": "Nếu bạn đã trả tiền cho đơn này, credit vẫn được cộng khi VNPAY xác nhận; đừng trả lại lần nữa.",
    "en": "If you have paid for this order all the same, the credits come once VNPAY confirms; please do not pay twice.",
}
TWICE: Said = {
    "vi": "Đơn mà đơn này thay thế cũng đã được trả, nên bạn được cộng credit cả hai lần. Muốn nhận lại một khoản, bạn gõ /paysupport trong cuộc trò chuyện nhé.",
    "en": "The order beside this one was paid too, so you have the credits of both. To have one paid back, say /paysupport in the chat.",
}
NOT_AGAIN: Said = {
    "vi": "Đơn này không dùng được nữa. Muốn nạp tiếp, bạn gõ /topup trong cuộc trò chuyện nhé.",
    "en": "This order cannot be used any more. To top up again, say /topup in the chat.",
}

# -- facts -------------------------------------------------------------------------------------------------------------

AMOUNT: Said = {"vi": "Số tiền", "en": "Amount"}
RECEIVED: Said = {"vi": "Nhận được", "en": "You get"}
ORDER: Said = {"vi": "Mã đơn", "en": "Order"}
GATEWAY_NUMBER: Said = {"vi": "Mã giao dịch VNPAY", "en": "VNPAY's number"}
PAID_AT: Said = {"vi": "Thời gian", "en": "Paid at"}
GOOD_UNTIL: Said = {"vi": "Hết hạn lúc", "en": "Good until"}
CREDITS: Said = {"vi": "{credits} credit", "en": "{credits} credits"}
VIETNAM_TIME: Said = {"vi": "{time} (giờ Việt Nam)", "en": "{time} (Việt Nam)"}
LEFT: Said = {"vi": "còn", "en": "left:"}

# -- what can be done --------------------------------------------------------------------------------------------------

PAY: Said = {"vi": "Thanh toán qua VNPAY", "en": "Pay with VNPAY"}
AGAIN: dict[str, Said] = {
    "opened": {"vi": "Tôi muốn trả lại từ đầu", "en": "I want to start over"},
    "expired": {"vi": "Tạo đơn mới và thanh toán", "en": "Make a new order and pay"},
    "cancelled": {"vi": "Tạo đơn mới và thanh toán", "en": "Make a new order and pay"},
    "failed": {"vi": "Thử lại với đơn mới", "en": "Try again with a new order"},
}
NEWER: Said = {"vi": "Mở đơn mới", "en": "Open the new order"}
TO_CHAT: Said = {"vi": "Về cuộc trò chuyện", "en": "Back to the chat"}
YOUR_CHAT: Said = {
    "vi": "Bạn quay lại cuộc trò chuyện với Imagify để dùng tiếp nhé.",
    "en": "Go back to your chat with Imagify to carry on.",
}
HOW: Said = {"vi": "Cách trả", "en": "How to pay"}
HOW_NAMES: dict[str, Said] = {
    "any": {"vi": "Chọn ở VNPAY", "en": "Choose at VNPAY"},
    "VNPAYQR": {"vi": "Quét mã VNPAY-QR", "en": "Scan a VNPAY-QR code"},
    "VNBANK": {"vi": "Thẻ, tài khoản nội địa", "en": "Local card or account"},
    "INTCARD": {"vi": "Thẻ quốc tế", "en": "International card"},
}
BANKS: Said = {"vi": "Vào thẳng ngân hàng của bạn", "en": "Straight to your bank"}

# -- around it ---------------------------------------------------------------------------------------------------------

PLAYED: Said = {
    "vi": "VNPAY giả lập – không có tiền thật",
    "en": "VNPAY is played here – no real money",
}
ELSEWHERE: Said = {"vi": "Trả bằng điện thoại", "en": "Pay with your phone"}
SAME_PAGE: Said = {
    "vi": "Quét để mở chính trang này trên điện thoại. Đây không phải mã QR của ngân hàng.",
    "en": "Scan it to open this same page on your phone. It is not a bank's QR code.",
}
SAFE: Said = {
    "vi": "Bạn trả tiền ở trang của VNPAY; Imagify không thấy số thẻ hay mật khẩu của bạn.",
    "en": "You pay on VNPAY's own page; Imagify never sees your card or your password.",
}
LANGUAGES: Said = {"vi": "Ngôn ngữ", "en": "Language"}

# -- what is no order, or not now --------------------------------------------------------------------------------------

NO_ORDER: Said = {"vi": "Không có đơn nào ở đây", "en": "There is no order here"}
NO_ORDER_WHY: Said = {
    "vi": "Liên kết có thể bị chép thiếu. Bạn mở lại từ cuộc trò chuyện với Imagify nhé.",
    "en": "The link may have been copied in part. Open it again from your chat with Imagify.",
}
IN_CHAT: Said = {"vi": "Đơn này trả bằng Telegram Stars", "en": "This order is paid with Telegram Stars"}
IN_CHAT_WHY: Said = {
    "vi": "Hoá đơn nằm trong cuộc trò chuyện với Imagify trên Telegram, trả ngay ở đó. Gõ /check để xem đơn.",
    "en": "Its invoice stands in your chat with Imagify on Telegram, and is paid there. Type /check to see the order.",
}
NOT_VALID: Said = {"vi": "Liên kết không hợp lệ", "en": "This link is not valid"}
NOT_VALID_WHY: Said = {
    "vi": "Trang này chỉ mở được từ VNPAY. Đơn của bạn thế nào, bạn xem trong cuộc trò chuyện với Imagify nhé.",
    "en": "This page opens from VNPAY alone. How your order stands is told in your chat with Imagify.",
}
STRANGER: Said = {"vi": "Không mở được từ trang khác", "en": "Not from another site"}
STRANGER_WHY: Said = {
    "vi": "Bạn mở đơn bằng liên kết trong cuộc trò chuyện với Imagify rồi bấm thanh toán ở đó nhé.",
    "en": "Open the order by the link in your chat with Imagify, and pay from there.",
}
TOO_OFTEN: Said = {"vi": "Bạn thử hơi nhiều lần", "en": "That was a little too often"}
TOO_OFTEN_WHY: Said = {
    "vi": "Bạn chờ vài phút rồi mở lại đơn nhé. Nếu đã trả tiền, credit vẫn được cộng.",
    "en": "Wait a few minutes and open the order again. If you have paid, the credits come all the same.",
}
