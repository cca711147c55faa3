"""What is said about money coming in."""

from bot.texts import Said
from payments.stars import Wont
from payments.tills import Reason

# -- choosing -----------------------------------------------------------------------------------------------------------

CHOOSE: Said = {
    "vi": "💳 Chọn một gói credit. Trả xong là credit vào ví ngay, không hết hạn.",
    "en": "💳 Choose a package. The credits are yours as soon as you have paid, and never expire.",
}
PACKAGE: Said = {"vi": "{vnd}đ = {credits} credit", "en": "{vnd}đ = {credits} credits"}
BEST: Said = {"vi": "⭐ lợi nhất", "en": "⭐ best value"}
HOW: Said = {
    "vi": "💳 Gói {credits} credit – {vnd}đ. Bạn muốn trả bằng gì?",
    "en": "💳 {credits} credits – {vnd}đ. How would you like to pay?",
}
NOT_SOLD: Said = {
    "vi": "🤔 Bây giờ không có gói {vnd}đ. Bạn chọn một gói dưới đây nhé.",
    "en": "🤔 There is no package for {vnd}đ now. Please choose one of these.",
}
NO_TILL: Said = {
    "vi": "🙏 Ở đây mình chưa nhận thanh toán được. Credit bạn đang có vẫn dùng bình thường; khi nào mở, gõ /topup là có.",
    "en": "🙏 Nothing can be bought here yet. The credits you have work as ever; once paying is open, /topup will show it.",
}
USAGE: Said = {"vi": "/topup hoặc /topup 50k", "en": "/topup or /topup 50k"}
PRICING: Said = {
    "vi": "🏷️ Bảng giá\n{packages}\n\nMột ảnh:\n{models}\n\n{gift}Chỉ trừ credit khi ảnh đã vẽ xong. Credit đã mua không hết "
    "hạn. /topup để nạp.",
    "en": "🏷️ Prices\n{packages}\n\nOne picture:\n{models}\n\n{gift}Credits are used only once a picture is done. What you "
    "bought never expires. /topup to buy.",
}
PRICING_MODEL: Said = {"vi": "• {title}: {price} credit", "en": "• {title}: {price} credits"}
GIFT: Said = {
    "vi": "Người mới được tặng {gift} credit, dùng với mô hình rẻ nhất.\n",
    "en": "Newcomers get {gift} credits as a gift, for the cheapest model.\n",
}

# -- an order that waits ------------------------------------------------------------------------------------------------

TOPUP: Said = {
    "vi": "💳 Gói {credits} credit – {price}. Bấm nút hoặc quét mã QR để thanh toán qua {till}. Liên kết hết hạn {until} "
    "({minutes} phút). Mã đơn: {ref}",
    "en": "💳 {credits} credits – {price}. Press the button or scan the QR code to pay with {till}. The link expires at "
    "{until} ({minutes} min). Order: {ref}",
}
TOPUP_BY_LINK: Said = {
    "vi": "💳 Gói {credits} credit – {price}. Mở liên kết bên dưới để thanh toán qua {till}. Liên kết hết hạn {until} "
    "({minutes} phút). Mã đơn: {ref}",
    "en": "💳 {credits} credits – {price}. Open the link below to pay with {till}. The link expires at {until} ({minutes} min). "
    "Order: {ref}",
}
TOPUP_STARS: Said = {
    "vi": "Gói {credits} credit. Hoá đơn hết hạn {until} ({minutes} phút). Mã đơn: {ref}",
    "en": "{credits} credits. The invoice expires at {until} ({minutes} min). Order: {ref}",
}
INVOICE: Said = {"vi": "Imagify: {credits} credit", "en": "Imagify: {credits} credits"}
LABEL: Said = {"vi": "{credits} credit", "en": "{credits} credits"}
PAY_STARS: Said = {"vi": "Trả {price}", "en": "Pay {price}"}
PLAYED: Said = {
    "vi": "🎭 Đây là quầy chơi thử: không có tiền thật nào được trả.",
    "en": "🎭 This till is played: it is play money, nothing real is paid.",
}
NOT_OPENED: Said = {
    "vi": "👉 Bạn chưa mở trang thanh toán. Mở trang ở bên dưới để trả nhé.",
    "en": "👉 You have not opened the payment page yet. Open it below to pay.",
}
PENDING: Said = {
    "vi": "⏳ Chưa thấy xác nhận từ {till}. Mình sẽ tự kiểm tra và báo ngay; bạn không cần trả lại lần nữa.",
    "en": "⏳ {till} has not confirmed yet. We keep checking and tell you at once; there is no need to pay again.",
}
ASKED_AT: Said = {
    "vi": "{till} chỉ cho hỏi vài phút một lần, lần tới lúc {at}.",
    "en": "{till} may be asked only every few minutes; the next time is at {at}.",
}
LOOKED_AT: Said = {"vi": "Mã đơn: {ref} · kiểm tra lúc {at}", "en": "Order: {ref} · checked at {at}"}
QR: Said = {
    "vi": "📱 Quét mã này để mở cùng trang thanh toán trên điện thoại. Đây không phải mã chuyển khoản ngân hàng. Mã đơn: "
    "{ref}\n{page}",
    "en": "📱 Scan this to open the same payment page on your phone. It is not a bank transfer code. Order: {ref}\n{page}",
}
QR_ALT: Said = {"vi": "Mã QR của trang thanh toán", "en": "QR code of the payment page"}
MOVED: Said = {
    "vi": "⬇️ Đơn {ref} nằm ở tin nhắn mới hơn bên dưới.",
    "en": "⬇️ Order {ref} stands in a newer message below.",
}
PAY: Said = {"vi": "Thanh toán {till}", "en": "Pay with {till}"}
PAGE: Said = {"vi": "Mở trang thanh toán", "en": "Open the payment page"}
SHOW_QR: Said = {"vi": "Mã QR", "en": "QR code"}
CHECK: Said = {"vi": "Kiểm tra", "en": "Check"}
CANCEL: Said = {"vi": "Huỷ", "en": "Cancel"}

# -- an order that was paid ---------------------------------------------------------------------------------------------

PAID: Said = {
    "vi": "🎉 Nạp thành công! +{credits} credit ({price}). Số dư: {free}. Mã GD: {ref}",
    "en": "🎉 Topped up! +{credits} credits ({price}). Balance: {free}. Reference: {ref}",
}
RECEIPT: Said = {
    "vi": "🧾 Biên nhận\n• Mã đơn: {ref}\n• Số tiền: {price}\n• Nhận được: {credits} credit\n• Trả qua: {paid_with}\n• Lúc: {at} (GMT+7)",
    "en": "🧾 Receipt\n• Order: {ref}\n• Amount: {price}\n• You got: {credits} credits\n• Paid with: {paid_with}\n• At: {at} (GMT+7)",
}
NUMBER: Said = {"vi": "mã {number}", "en": "number {number}"}
PAID_LATE: Said = {
    "vi": "⏰ Xác nhận tới muộn, sau khi đơn đã đóng; credit vẫn được cộng đủ.",
    "en": "⏰ The confirmation came late, after the order was closed; the credits are yours all the same.",
}
PAID_TWICE: Said = {
    "vi": "👥 Bạn đã trả hai lần cho một lần nạp: cả hai đều được cộng credit. Nếu không cố ý, gõ /paysupport, mình hoàn tiền.",
    "en": "👥 You have paid twice for one wish: both are credited. If you did not mean it, say /paysupport and we pay it back.",
}
GOES_ON: Said = {
    "vi": "▶️ Mình vẽ tiếp mô tả bạn đã lưu.",
    "en": "▶️ The prompt you saved is drawn now.",
}
NEWS_ABOVE: Said = {
    "vi": "🔔 Đơn {ref} có tin mới, xem ở tin nhắn của đơn bên trên.",
    "en": "🔔 There is news of order {ref}, in its message above.",
}

# -- an order that was not ----------------------------------------------------------------------------------------------

CANCELLED: Said = {
    "vi": "❌ Giao dịch đã huỷ, bạn chưa bị trừ tiền. Mã đơn: {ref}",
    "en": "❌ The payment was cancelled, no money was taken. Order: {ref}",
}
CANCELLED_OPEN: Said = {
    "vi": "❌ Giao dịch đã huỷ. Nếu bạn đã lỡ trả tiền, credit vẫn tự vào ví và mình báo ngay. Mã đơn: {ref}",
    "en": "❌ The payment was cancelled. If you have paid all the same, the credits come by themselves and you are told. "
    "Order: {ref}",
}
EXPIRED: Said = {"vi": "⌛ Liên kết đã hết hạn. Mã đơn: {ref}", "en": "⌛ The link has expired. Order: {ref}"}
STARS_EXPIRED: Said = {
    "vi": "⌛ Hoá đơn đã hết hạn, không trả được nữa. Mã đơn: {ref}",
    "en": "⌛ The invoice has expired and cannot be paid any more. Order: {ref}",
}
NEW_INVOICE: Said = {"vi": "Tạo hoá đơn mới", "en": "Make a new invoice"}
STILL_COUNTS: Said = {
    "vi": "Nếu bạn đã trả tiền, đừng trả lại: credit tự vào ví khi {till} xác nhận.",
    "en": "If you have paid, please do not pay again: the credits come by themselves once {till} confirms.",
}
NEW_LINK: Said = {"vi": "Tạo liên kết mới", "en": "Make a new link"}
REPLACED: Said = {
    "vi": "🔁 Đơn {ref} đã được thay bằng đơn mới hơn.",
    "en": "🔁 Order {ref} was replaced by a newer one.",
}
FAILED: Said = {
    "vi": "😔 Thanh toán chưa thành công. {reason} {money} Mã đơn: {ref}",
    "en": "😔 The payment did not go through. {reason} {money} Order: {ref}",
}
REASONS: dict[Reason, Said] = {
    Reason.OK: {"vi": "Cổng thanh toán không cho biết lý do.", "en": "The gateway gave no reason."},
    Reason.SUSPECT: {
        "vi": "Giao dịch bị nghi ngờ nên đang được kiểm tra.",
        "en": "The payment looked suspicious and is being checked.",
    },
    Reason.NO_BANKING: {
        "vi": "Thẻ hoặc tài khoản chưa đăng ký Internet Banking.",
        "en": "The card or account is not signed up for internet banking.",
    },
    Reason.WRONG_CARD: {
        "vi": "Thông tin thẻ hoặc tài khoản bị nhập sai quá ba lần.",
        "en": "The card or account details were wrong more than three times.",
    },
    Reason.TIMED_OUT: {"vi": "Đã quá thời gian chờ thanh toán.", "en": "The time to pay ran out."},
    Reason.LOCKED: {"vi": "Thẻ hoặc tài khoản đang bị khoá.", "en": "The card or account is locked."},
    Reason.WRONG_OTP: {"vi": "Mã OTP bị nhập sai.", "en": "The one-time password was wrong."},
    Reason.CANCELLED: {"vi": "Bạn đã huỷ ở trang thanh toán.", "en": "You cancelled it on the payment page."},
    Reason.NO_BALANCE: {
        "vi": "Tài khoản không đủ số dư.",
        "en": "There was not enough money in the account.",
    },
    Reason.DAILY_LIMIT: {
        "vi": "Tài khoản đã vượt hạn mức giao dịch trong ngày.",
        "en": "The account is over its limit for the day.",
    },
    Reason.MAINTENANCE: {"vi": "Ngân hàng đang bảo trì.", "en": "The bank is closed for maintenance."},
    Reason.WRONG_PASSWORD: {
        "vi": "Mật khẩu thanh toán bị nhập sai quá số lần cho phép.",
        "en": "The payment password was wrong too often.",
    },
    Reason.REVERSED: {
        "vi": "Ngân hàng đã trừ tiền nhưng cổng thanh toán chưa nhận được.",
        "en": "The bank has taken the money, but the gateway has not received it.",
    },
    Reason.UNFINISHED: {"vi": "Giao dịch chưa làm xong.", "en": "The payment was not finished."},
    Reason.OTHER: {"vi": "Ngân hàng hoặc cổng thanh toán báo lỗi.", "en": "The bank or the gateway reported an error."},
}
NO_MONEY_TAKEN: Said = {"vi": "Bạn chưa bị trừ tiền.", "en": "No money was taken."}
MONEY_RETURNS: Said = {
    "vi": "Nếu ngân hàng đã trừ tiền, ngân hàng sẽ hoàn lại; nếu tiền vẫn tới nơi, credit tự vào ví.",
    "en": "If your bank took money, the bank returns it; should it arrive after all, the credits come by themselves.",
}
RETRY: Said = {"vi": "🔁 Thử lại", "en": "🔁 Try again"}
REVIEW: Said = {
    "vi": "🔎 Giao dịch {price} đang được kiểm tra. {reason} Bạn đừng trả lại; có kết quả là mình báo ngay. Mã đơn: {ref}. Cần hỏi "
    "thêm: /paysupport",
    "en": "🔎 Your payment of {price} is being checked. {reason} Please do not pay again; you are told as soon as it is known. "
    "Order: {ref}. Questions: /paysupport",
}
REFUNDING: Said = {
    "vi": "↩️ {price} của đơn {ref} đang được hoàn qua {till}. {credits} credit của đơn tạm giữ tới khi xong.",
    "en": "↩️ {price} of order {ref} is being paid back through {till}. Its {credits} credits are held until that is done.",
}
REFUNDED: Said = {
    "vi": "↩️ Đã hoàn {price} qua {till} và thu lại {credits} credit. Số dư: {free}. Tiền về tài khoản sau vài ngày, tuỳ ngân hàng. "
    "Mã đơn: {ref}",
    "en": "↩️ {price} was paid back through {till} and {credits} credits were taken back. Balance: {free}. The money arrives "
    "within days, as your bank does it. Order: {ref}",
}
STARS_REFUNDED: Said = {
    "vi": "↩️ Đã hoàn {price} qua {till} và thu lại {credits} credit. Số dư: {free}. Stars đã về lại chỗ bạn. Mã đơn: {ref}",
    "en": "↩️ {price} was paid back through {till} and {credits} credits were taken back. Balance: {free}. The Stars are with "
    "you again. Order: {ref}",
}

# -- Telegram asks whether an invoice may be paid: 255 letters at most --------------------------------------------------

WONT: dict[Wont, Said] = {
    Wont.UNKNOWN: {
        "vi": "Không tìm thấy đơn này. Gõ /topup để tạo đơn mới; bạn chưa bị trừ gì.",
        "en": "There is no such order. Type /topup for a new one; nothing was charged.",
    },
    Wont.NOT_THEIRS: {
        "vi": "Hoá đơn này của người khác hoặc nằm ở một tin nhắn cũ. Gõ /topup để tạo đơn của bạn; bạn chưa bị trừ gì.",
        "en": "This invoice is somebody else's, or stands in an old message. Type /topup for your own; nothing was charged.",
    },
    Wont.PAID: {
        "vi": "Đơn này đã được trả rồi, không cần trả lại. Xem /check.",
        "en": "This order is paid already; there is no need to pay again. See /check.",
    },
    Wont.REPLACED: {
        "vi": "Đơn này đã được thay bằng đơn mới hơn. Trả ở đơn mới nhé; bạn chưa bị trừ gì.",
        "en": "This order was replaced by a newer one. Please pay that one; nothing was charged.",
    },
    Wont.OVER: {
        "vi": "Đơn này đã hết hạn hoặc đã huỷ. Gõ /topup để tạo đơn mới; bạn chưa bị trừ gì.",
        "en": "This order has expired or was cancelled. Type /topup for a new one; nothing was charged.",
    },
    Wont.UNEQUAL: {
        "vi": "Giá của đơn này đã khác. Gõ /topup để tạo đơn mới; bạn chưa bị trừ gì.",
        "en": "The price of this order is another one. Type /topup for a new one; nothing was charged.",
    },
}
STRAY: Said = {
    "vi": "🔎 Mình nhận được {price} nhưng chưa khớp với đơn nào, nên chưa cộng credit. Người quản trị đã được báo. Cần hỏi thêm: "
    "/paysupport",
    "en": "🔎 {price} came that fits no order, so nothing is credited yet. An admin has been told. Questions: /paysupport",
}

# -- help ---------------------------------------------------------------------------------------------------------------

PAYSUPPORT: Said = {
    "vi": "🧾 Hỗ trợ thanh toán\n1. Trả xong thường có credit trong vài giây; chậm thì mình tự hỏi lại {till}, tới 24 giờ sau.\n"
    "2. Bị trừ tiền mà chưa có credit: đừng trả lại. Bấm Kiểm tra ở đơn dưới đây.\n"
    "3. Đơn hết hạn hoặc đã huỷ mà tiền vẫn tới: credit vẫn được cộng.\n"
    "4. Hoàn tiền: hoàn trọn đơn khi credit của đơn chưa dùng; tiền về nơi đã trả sau vài ngày.\n"
    "5. Vẫn vướng: gửi mã đơn này cho người quản trị cùng giờ trả và tên ngân hàng, không gửi số thẻ hay OTP.",
    "en": "🧾 Payment support\n1. Credits usually come within seconds; when they are late, {till} is asked again, for 24 hours.\n"
    "2. Money taken and no credits: do not pay again. Press Check at the order below.\n"
    "3. An order that expired or was cancelled and is paid all the same: the credits still come.\n"
    "4. Refunds: a whole order, while its credits are unused; the money goes back where it came from within days.\n"
    "5. Still stuck: give the admin the order's code, the time and the bank; never a card number or a one-time password.",
}
PAYSUPPORT_STARS: Said = {
    "vi": "⭐ Telegram Stars: cùng những điều trên, và Stars được hoàn về Telegram của bạn ngay khi đơn được hoàn. Thắc mắc về Stars "
    "xin hỏi ở đây, không hỏi Telegram.",
    "en": "⭐ Telegram Stars: the same holds, and a refund gives the Stars back to your Telegram at once. Please ask here about "
    "Stars; Telegram's own support cannot help with purchases here.",
}
ORDERS: Said = {"vi": "Đơn của bạn:\n{list}", "en": "Your orders:\n{list}"}
NO_ORDERS: Said = {"vi": "Bạn chưa có đơn nào.", "en": "You have no orders yet."}
CHECK_ONE: Said = {"vi": "Kiểm tra {price} · …{tail}", "en": "Check {price} · …{tail}"}
STATES: dict[str, Said] = {
    "pending": {"vi": "đang chờ", "en": "waiting"},
    "paid": {"vi": "đã trả", "en": "paid"},
    "failed": {"vi": "không thành công", "en": "failed"},
    "cancelled": {"vi": "đã huỷ", "en": "cancelled"},
    "expired": {"vi": "hết hạn", "en": "expired"},
    "review": {"vi": "đang kiểm tra", "en": "being checked"},
    "refunding": {"vi": "đang hoàn tiền", "en": "being paid back"},
    "refunded": {"vi": "đã hoàn tiền", "en": "paid back"},
}
DOES: dict[str, Said] = {
    "topup": {"vi": "nạp credit", "en": "buy credits"},
    "pricing": {"vi": "bảng giá", "en": "prices"},
    "check": {"vi": "xem một đơn nạp", "en": "look at a payment"},
    "paysupport": {"vi": "hỗ trợ thanh toán", "en": "help with payments"},
}
CHECK_USAGE: Said = {"vi": "/check MÃ_ĐƠN", "en": "/check ORDER"}
