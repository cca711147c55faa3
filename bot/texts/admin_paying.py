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
        "vi": "📵 {till} không gọi báo về đơn {ref}; nhờ tự hỏi mới biết là đã trả tiền. Credit đã cộng. Nếu hay gặp, kiểm tra địa chỉ IPN: "
        "imagify doctor",
        "en": "📵 {till} did not call about order {ref}; it was found paid by asking. It is credited. If this goes on, check the "
        "IPN address: imagify doctor",
    },
    "review": {
        "vi": "🕵️ Đơn {ref} cần xem xét ({reason}): có thể tiền đã bị trừ, chưa cộng credit. Xem trên cổng {till} rồi hỏi lại: "
        "/recheck {ref}",
        "en": "🕵️ Order {ref} needs a look ({reason}): money may have been taken, nothing is credited. Look in {till}'s portal, "
        "then ask again: /recheck {ref}",
    },
    "wrong amount": {
        "vi": "⚖️ {till} báo đơn {ref} được trả {price}, khác giá gói. Chưa cộng credit; tiền đang ở {till}.",
        "en": "⚖️ {till} says {price} were paid for order {ref}, which is not its price. Nothing is credited; the money is at "
        "{till}.",
    },
    "paid while refunded": {
        "vi": "🔁 Đơn {ref} đang hoặc đã hoàn tiền lại được trả thêm lần nữa. Lần này chưa cộng credit; hoàn trên cổng {till}.",
        "en": "🔁 Order {ref}, which is being paid back or was, was paid once more. That payment is not credited; pay it back in "
        "{till}'s portal.",
    },
    "refund pending": {
        "vi": "🐌 Hoàn tiền đơn {ref} đã quá 3 ngày chưa xong; credit vẫn đang giữ. Xem trên cổng {till} rồi quyết: "
        "/refunded {ref} yes LÝ_DO hoặc /refunded {ref} no LÝ_DO",
        "en": "🐌 The refund of order {ref} is not over after 3 days; its credits stay held. Look in {till}'s portal, then decide: "
        "/refunded {ref} yes REASON or /refunded {ref} no REASON",
    },
    "refund refused": {
        "vi": "🙅 {till} từ chối hoàn tiền đơn {ref} (mã {code}). Credit đã trả lại cho người mua.",
        "en": "🙅 {till} refused to pay order {ref} back (code {code}). The person has the credits again.",
    },
    "refunded": {
        "vi": "💸 Đã hoàn tiền đơn {ref}; credit của đơn đã thu lại và người mua đã được báo.",
        "en": "💸 Order {ref} is paid back; its credits are gone and its person has been told.",
    },
    "stars taken back": {
        "vi": "🧊 Telegram đã hoàn {price} của đơn {ref}, nhưng credit của đơn đã tiêu. Ví của người mua bị khoá tới khi bạn quyết "
        "(/unfreeze). Đủ credit rồi thì /refund {ref} LÝ_DO thu lại.",
        "en": "🧊 Telegram has given {price} of order {ref} back, but its credits are spent. The purse is frozen until you decide "
        "(/unfreeze). Once there are enough credits, /refund {ref} REASON takes them back.",
    },
    "stars paid twice": {
        "vi": "👯 Đơn {ref} được trả hai lần bằng Stars cùng lúc. Lần sau ({price}) đã tự hoàn; credit cộng một lần.",
        "en": "👯 Order {ref} was paid twice with Stars at one moment. The second payment ({price}) went back by itself; it is "
        "credited once.",
    },
    "stars kept twice": {
        "vi": "⚠️ Đơn {ref} được trả hai lần bằng Stars, mà Telegram không cho hoàn lần sau ({price}, mã {code}). Credit cộng một lần.",
        "en": "⚠️ Order {ref} was paid twice with Stars, and Telegram would not take the second payment ({price}, code {code}) back. "
        "It is credited once.",
    },
}
ALARMS_OF_NO_ORDER: dict[str, Said] = {
    "stars stray": {
        "vi": "🌠 Có người trả {price} cho một hoá đơn không phải đơn nào của mình. Chưa cộng credit cho ai. Bot này có đang dùng ở nơi "
        "khác không?",
        "en": "🌠 Somebody paid {price} for an invoice that is no order of ours. Nobody is credited. Is this bot in use elsewhere?",
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

# -- orders ---------------------------------------------------------------------------------------------------------

STATES: dict[str, Said] = {
    "pending": {"vi": "đang chờ", "en": "pending"},
    "paid": {"vi": "đã trả", "en": "paid"},
    "failed": {"vi": "không thành công", "en": "failed"},
    "cancelled": {"vi": "đã huỷ", "en": "cancelled"},
    "expired": {"vi": "hết hạn", "en": "expired"},
    "review": {"vi": "cần xem xét", "en": "in review"},
    "refunding": {"vi": "đang hoàn tiền", "en": "being paid back"},
    "refunded": {"vi": "đã hoàn tiền", "en": "paid back"},
}
REFUND_STATES: dict[str, Said] = {
    "held": {"vi": "đã giữ credit, chưa hỏi {till}", "en": "credits held, {till} not asked yet"},
    "asked": {"vi": "đã gửi {till}, chưa có câu trả lời", "en": "sent to {till}, no answer yet"},
    "accepted": {"vi": "{till} đang xử lý", "en": "{till} is working on it"},
    "done": {"vi": "đã hoàn tiền", "en": "paid back"},
    "refused": {"vi": "bị từ chối, credit đã trả lại", "en": "refused, the credits are back"},
}
KINDS: dict[str, Said] = {
    "pending": {"vi": "⏳ Đang chờ", "en": "⏳ Pending"},
    "review": {"vi": "🕵️ Cần xem xét", "en": "🕵️ In review"},
    "late": {"vi": "⏰ Trả muộn (7 ngày)", "en": "⏰ Paid late (7 days)"},
    "refunding": {"vi": "💸 Đang hoàn tiền", "en": "💸 Being paid back"},
    "today": {"vi": "💰 Hôm nay", "en": "💰 Today"},
}
OVERVIEW: Said = {
    "vi": "🧾 Đơn hàng\n{counts}\nHôm nay: {vnd}đ\n\nMới nhất cần để ý:\n{newest}",
    "en": "🧾 Orders\n{counts}\nToday: {vnd}đ\n\nThe newest that want a look:\n{newest}",
}
LISTED: Said = {"vi": "{kind}: {count} đơn\n{lines}", "en": "{kind}: {count} orders\n{lines}"}
NOTHING: Said = {"vi": "không có gì", "en": "nothing"}
MORE: Said = {"vi": "… và {count} đơn nữa", "en": "… and {count} more"}
LINE: Said = {
    "vi": "• {ref} · {vnd}đ · {age} trước · {state}{more}",
    "en": "• {ref} · {vnd}đ · {age} ago · {state}{more}",
}
HOURS: Said = {"vi": "{count} giờ", "en": "{count} h"}
DAYS: Said = {"vi": "{count} ngày", "en": "{count} d"}
ORDER: Said = {"vi": "🧾 Đơn {ref} · {state}\n{lines}", "en": "🧾 Order {ref} · {state}\n{lines}"}
DETAILS: dict[str, Said] = {
    "person": {"vi": "Người mua: {value}", "en": "Person: {value}"},
    "package": {"vi": "Gói: {value}", "en": "Package: {value}"},
    "till": {"vi": "Cổng: {value}", "en": "Till: {value}"},
    "created": {"vi": "Tạo lúc: {value}", "en": "Made: {value}"},
    "opened": {"vi": "Mở ở {till}: {value}", "en": "Opened at {till}: {value}"},
    "closed": {"vi": "Sang trạng thái này: {value}", "en": "In this state since: {value}"},
    "paid": {"vi": "Trả lúc: {value}", "en": "Paid: {value}"},
    "number": {"vi": "Mã GD {till}: {value}", "en": "{till}'s number: {value}"},
    "bank": {"vi": "Ngân hàng, thẻ: {value}", "en": "Bank and card: {value}"},
    "reason": {"vi": "Lý do: {value}", "en": "Reason: {value}"},
    "source": {"vi": "Biết nhờ: {value}", "en": "Learned by: {value}"},
    "marks": {"vi": "Lưu ý: {value}", "en": "Marks: {value}"},
    "replaces": {"vi": "Thay cho: {value}", "en": "Stands for: {value}"},
    "replaced_by": {"vi": "Được thay bởi: {value}", "en": "Replaced by: {value}"},
    "asked": {"vi": "Đã hỏi {till}: {value} lần", "en": "{till} was asked: {value} times"},
    "refund": {"vi": "Hoàn tiền: {value}", "en": "Refund: {value}"},
}
PACKAGE: Said = {"vi": "{credits} credit – {vnd}đ", "en": "{credits} credits – {vnd}đ"}
SOURCES: dict[str, Said] = {
    "call": {"vi": "{till} gọi báo (IPN)", "en": "{till}'s call (IPN)"},
    "query": {"vi": "mình hỏi {till}", "en": "our question to {till}"},
}
MARKS: dict[str, Said] = {
    "late": {"vi": "⏰ trả muộn", "en": "⏰ paid late"},
    "double": {"vi": "👯 trả hai lần", "en": "👯 paid twice"},
    "play": {"vi": "🎭 tiền chơi", "en": "🎭 play money"},
}
REFUND: Said = {
    "vi": "{state} · từ {begun} · lý do: {why} · mã {code} · đã xem {looks} lần",
    "en": "{state} · since {begun} · reason: {why} · code {code} · looked at {looks} times",
}
LOG: Said = {"vi": "📜 Nhật ký ({shown}/{count})\n{calls}", "en": "📜 Log ({shown} of {count})\n{calls}"}
CALL: Said = {"vi": "{at} · {way} từ {caller} → {answer}\n{raw}", "en": "{at} · {way} from {caller} → {answer}\n{raw}"}
RECHECK_BUTTON: Said = {"vi": "🔄 Hỏi lại {till}", "en": "🔄 Ask {till} again"}
RECHECK: Said = {
    "vi": "🔄 Sẽ hỏi VNPAY về đơn {ref} lúc {at}. Xem kết quả: /order {ref}",
    "en": "🔄 VNPAY will be asked about order {ref} at {at}. See what came of it: /order {ref}",
}
NOT_OPENED: Said = {
    "vi": "Đơn {ref} chưa được mở ở {till}, nên không có gì để hỏi.",
    "en": "Order {ref} was never opened at {till}, so there is nothing to ask.",
}
NOT_ASKED: Said = {
    "vi": "Đơn {ref}: {state}. Không cần hỏi {till} nữa.",
    "en": "Order {ref}: {state}. There is nothing more to ask {till}.",
}
NO_TILL: Said = {
    "vi": "Đơn {ref} thuộc terminal {terminal}, không phải của nhà này nữa, nên không hỏi hay hoàn tiền được.",
    "en": "Order {ref} is of terminal {terminal}, which is not this house's any more: it can be neither asked about nor paid back.",
}

# -- refunds --------------------------------------------------------------------------------------------------------

SURE_REFUND: Said = {
    "vi": "Hoàn {price} của đơn {ref} và thu lại {credits} credit của {person}. Lý do: {reason}",
    "en": "Pay {price} of order {ref} back and take {credits} credits from {person}. Reason: {reason}",
}
SPENT_ALREADY: Said = {
    "vi": "\n⚠️ Chỉ còn {paid} credit đã mua: nếu đồng ý, {till} sẽ không được hỏi và ví bị khoá.",
    "en": "\n⚠️ Only {paid} paid credits are left: on a yes {till} is not asked, and the purse is frozen.",
}
NOT_REFUNDABLE: Said = {
    "vi": "Đơn {ref}: {state}, nên không hoàn tiền được. Xem: /order {ref}",
    "en": "Order {ref}: {state}, so it cannot be paid back. Look: /order {ref}",
}
REFUNDING: dict[str, Said] = {
    "accepted": {
        "vi": "💸 {till} đã nhận yêu cầu hoàn đơn {ref} và đang xử lý. {credits} credit được giữ đến khi xong; mình sẽ báo.",
        "en": "💸 {till} has taken the refund of order {ref} and is working on it. {credits} credits stay held until it is over; "
        "you will be told.",
    },
    "done": {
        "vi": "💸 {till} đã gửi tiền của đơn {ref} về ngân hàng. {credits} credit đã thu lại.",
        "en": "💸 {till} has sent the money of order {ref} to the bank. {credits} credits are gone.",
    },
    "refused": {
        "vi": "🙅 {till} từ chối hoàn đơn {ref} (mã {code}). {credits} credit đã trả lại cho người mua.",
        "en": "🙅 {till} refused to pay order {ref} back (code {code}). The person has the {credits} credits again.",
    },
    "asked": {
        "vi": "❔ {till} chưa trả lời rõ về việc hoàn đơn {ref} (mã {code}). {credits} credit vẫn giữ, mình sẽ tiếp tục hỏi. Nếu trên "
        "cổng {till} đã rõ: /refunded {ref} yes LÝ_DO hoặc /refunded {ref} no LÝ_DO",
        "en": "❔ {till} gave no clear answer about the refund of order {ref} (code {code}). {credits} credits stay held and it is "
        "asked again. If {till}'s portal is clear: /refunded {ref} yes REASON or /refunded {ref} no REASON",
    },
}
SHORT_REFUND: Said = {
    "vi": "🧊 Không hoàn được đơn {ref}: người mua đã tiêu, thiếu {missing} trong {cost} credit. {till} chưa được hỏi. Ví của {person} "
    "đã bị khoá; mở lại: /unfreeze {person} LÝ_DO",
    "en": "🧊 Order {ref} cannot be paid back: {missing} of {cost} credits are spent. {till} was not asked. The purse of {person} "
    "is frozen; to open it: /unfreeze {person} REASON",
}
SURE_REFUNDED: dict[str, Said] = {
    "yes": {
        "vi": "Ghi nhận {till} ĐÃ hoàn tiền đơn {ref}: {credits} credit mất hẳn. Lý do: {reason}",
        "en": "Put down that {till} HAS paid order {ref} back: its {credits} credits are gone. Reason: {reason}",
    },
    "no": {
        "vi": "Ghi nhận {till} KHÔNG hoàn tiền đơn {ref}: {credits} credit trả lại cho người mua. Lý do: {reason}",
        "en": "Put down that {till} has NOT paid order {ref} back: its {credits} credits are the person's again. Reason: {reason}",
    },
}
NOT_REFUNDING: Said = {
    "vi": "Đơn {ref}: {state}, không có việc hoàn tiền nào đang chờ.",
    "en": "Order {ref}: {state}, and no refund of it is waiting.",
}
DECIDED: dict[str, Said] = {
    "done": {"vi": "Đã ghi: đơn {ref} đã hoàn tiền.", "en": "Put down: order {ref} is paid back."},
    "refused": {
        "vi": "Đã ghi: đơn {ref} không được hoàn tiền, credit đã trả lại.",
        "en": "Put down: order {ref} is not paid back, and its credits are free again.",
    },
}
SURE_FREEZE: Said = {
    "vi": "Khoá ví của {person}. Lý do: {reason}",
    "en": "Freeze the purse of {person}. Reason: {reason}",
}
SURE_UNFREEZE: Said = {
    "vi": "Mở khoá ví của {person}. Lý do: {reason}",
    "en": "Open the purse of {person} again. Reason: {reason}",
}
FROZEN: Said = {
    "vi": "🧊 Ví của {person} đã khoá: không đặt ảnh, không nạp, không gộp ví được.",
    "en": "🧊 The purse of {person} is frozen: no pictures, no top-up, no linking.",
}
UNFROZEN: Said = {"vi": "Ví của {person} đã mở lại.", "en": "The purse of {person} is open again."}

# -- a day's payments, and what is sold -----------------------------------------------------------------------------

RECON: Said = {
    "vi": "📒 {day}: {count} đơn đã trả · {vnd}đ · {credits} credit\nTrong đó đã hoặc đang hoàn: {refunds} đơn · {refunded}đ{play}\n"
    "Tải CSV (24 giờ): {link}",
    "en": "📒 {day}: {count} paid orders · {vnd}đ · {credits} credits\nOf these paid back or on the way: {refunds} · {refunded}đ{play}\n"
    "CSV (for 24 hours): {link}",
}
PLAYED: Said = {
    "vi": "\n🎭 Ngoài ra {count} đơn tiền chơi · {vnd}đ",
    "en": "\n🎭 Besides, {count} orders of play money · {vnd}đ",
}
COMPARED: Said = {
    "vi": "\n\nSo với danh sách của VNPAY: khớp {matched} · chỉ mình có {ours} · chỉ VNPAY có {theirs} · lệch tiền {differ}{lines}",
    "en": "\n\nBeside VNPAY's list: {matched} match · {ours} only ours · {theirs} only theirs · {differ} with another amount{lines}",
}
ONLY_OURS: Said = {"vi": "\nChỉ mình có: {ref} · {vnd}đ", "en": "\nOnly ours: {ref} · {vnd}đ"}
ONLY_THEIRS: Said = {
    "vi": "\nChỉ VNPAY có: {ref} · {vnd}đ · bên mình: {state}",
    "en": "\nOnly theirs: {ref} · {vnd}đ · with us: {state}",
}
DIFFERS: Said = {
    "vi": "\nLệch tiền: {ref} · mình {vnd}đ · VNPAY {other}đ",
    "en": "\nAnother amount: {ref} · ours {vnd}đ · theirs {other}đ",
}
NOT_OURS: Said = {"vi": "không có", "en": "nothing"}
UNREADABLE_LIST: Said = {
    "vi": "Không đọc được danh sách. Dòng đầu cần tên cột: mã đơn (order, vnp_TxnRef) hoặc mã GD (number, vnp_TransactionNo), và số "
    "tiền (vnd, amount, vnp_Amount).",
    "en": "That list cannot be read. Its first line needs the names of its columns: our code (order, vnp_TxnRef) or their number "
    "(number, vnp_TransactionNo), and the sum (vnd, amount, vnp_Amount).",
}
PRICES: Said = {
    "vi": "🏷️ Gói đang bán\n{packages}\n\nẢnh (tính theo {net}đ mỗi credit)\n{models}",
    "en": "🏷️ What is sold\n{packages}\n\nPictures (priced at {net}đ a credit)\n{models}",
}
SOLD: Said = {
    "vi": "• {vnd}đ = {credits} credit · còn {net}đ mỗi credit sau phí ({till})",
    "en": "• {vnd}đ = {credits} credits · {net}đ a credit after the fee ({till})",
}
MODEL: Said = {
    "vi": "• {title}: {price} credit · lãi {margin}",
    "en": "• {title}: {price} credits · margin {margin}",
}
NO_COST: Said = {"vi": "không tốn gì", "en": "costs nothing"}
SURE_PRICE: Said = {"vi": "Từ giờ bán: {packages}", "en": "From now on sell: {packages}"}
SURE_PRICE_RESET: Said = {
    "vi": "Bán lại như IMAGIFY_PACKAGES đã đặt",
    "en": "Sell what IMAGIFY_PACKAGES says again",
}
PRICED: Said = {"vi": "🏷️ Đã đổi. Đang bán: {packages}", "en": "🏷️ Done. On sale now: {packages}"}
BAD_PACKAGES: Said = {
    "vi": "Viết gói như thế này: /price 20000=20, 50000=55. Mỗi gói một giá riêng, từ {least}đ đến {most}đ, ít nhất 1 credit.",
    "en": "Write packages like this: /price 20000=20, 50000=55. Each at a price of its own, {least}đ to {most}đ, and with a credit.",
}
TOO_CHEAP: Said = {
    "vi": "Gói {vnd}đ = {credits} credit qua {till} chỉ còn {net}đ mỗi credit, mà ảnh đang tính theo {needed}đ: bán vậy là lỗ. Bớt "
    "credit, hoặc đặt IMAGIFY_PACKAGES rồi khởi động lại để tính lại giá ảnh.",
    "en": "{vnd}đ = {credits} credits through {till} brings only {net}đ a credit, and pictures are priced at {needed}đ: it would be "
    "sold at a loss. Give fewer credits, or set IMAGIFY_PACKAGES and restart, which prices the pictures anew.",
}
DOES: dict[str, Said] = {
    "orders": {"vi": "các đơn hàng, và đơn cần để ý", "en": "orders, and which want a look"},
    "order": {"vi": "mọi điều về một đơn, kèm nhật ký gốc", "en": "all about an order, with its raw log"},
    "recheck": {"vi": "hỏi lại VNPAY về một đơn", "en": "ask VNPAY about an order again"},
    "refund": {"vi": "hoàn tiền một đơn", "en": "pay an order back"},
    "refunded": {
        "vi": "ghi kết quả hoàn tiền đã xem trên cổng VNPAY",
        "en": "put down what VNPAY's portal says of a refund",
    },
    "freeze": {"vi": "khoá ví một người", "en": "freeze a person's purse"},
    "unfreeze": {"vi": "mở khoá ví một người", "en": "open a frozen purse"},
    "recon": {"vi": "đối soát một ngày", "en": "a day's payments, compared with VNPAY's"},
    "price": {"vi": "xem và đổi các gói bán", "en": "see and change what is sold"},
}
USAGES: dict[str, Said] = {
    "orders": {
        "vi": "/orders hoặc thêm pending, review, late, refunding, today",
        "en": "/orders, or with pending, review, late, refunding, today",
    },
    "order": {
        "vi": "/order MÃ (cả mã, hoặc 8 ký tự cuối)",
        "en": "/order CODE (all of it, or its last 8 letters)",
    },
    "recheck": {"vi": "/recheck MÃ", "en": "/recheck CODE"},
    "refund": {"vi": "/refund MÃ LÝ_DO", "en": "/refund CODE REASON"},
    "refunded": {"vi": "/refunded MÃ yes|no LÝ_DO", "en": "/refunded CODE yes|no REASON"},
    "freeze": {"vi": "/freeze NGƯỜI LÝ_DO", "en": "/freeze PERSON REASON"},
    "unfreeze": {"vi": "/unfreeze NGƯỜI LÝ_DO", "en": "/unfreeze PERSON REASON"},
    "recon": {
        "vi": "/recon NGÀY (2026-11-21, 21/11/2026, hôm nay, hôm qua), có thể dán danh sách của VNPAY ở các dòng sau",
        "en": "/recon DAY (2026-11-21, 21/11/2026, today, yesterday), with VNPAY's list on the lines behind it if you like",
    },
    "price": {
        "vi": "/price, /price 20000=20, 50000=55 hoặc /price reset",
        "en": "/price, /price 20000=20, 50000=55 or /price reset",
    },
}
