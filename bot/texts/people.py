"""What is said about a person's own affairs: balance, history, settings, leaving."""

from bot.texts import Said

BALANCE: Said = {"vi": "💰 {free} credit{held}", "en": "💰 {free} credits{held}"}
HELD: Said = {"vi": " · {held} đang giữ cho ảnh chờ", "en": " · {held} held for pictures on their way"}
SPLIT: Said = {"vi": "\nTrong đó {gift} là credit tặng.", "en": "\n{gift} of them are a gift."}
HISTORY: Said = {"vi": "🧾 Lịch sử credit\n{list}", "en": "🧾 Credit history\n{list}"}
HISTORY_EMPTY: Said = {"vi": "Chưa có gì trong lịch sử.", "en": "Nothing has happened yet."}
OPEN_ORDERS: Said = {"vi": "\n\n⏳ Đơn chưa xong\n{list}", "en": "\n\n⏳ Open orders\n{list}"}
ENTRY: Said = {"vi": "{at} · {kind} · {moved} → còn {after}", "en": "{at} · {kind} · {moved} → {after} left"}
KINDS: dict[str, Said] = {
    "gift": {"vi": "tặng", "en": "gift"},
    "grant": {"vi": "được cộng", "en": "granted"},
    "topup": {"vi": "nạp", "en": "top-up"},
    "hold": {"vi": "giữ cho ảnh", "en": "held for a picture"},
    "capture": {"vi": "dùng cho ảnh", "en": "spent on a picture"},
    "release": {"vi": "hoàn", "en": "returned"},
    "give back": {"vi": "hoàn vì ảnh không tới", "en": "given back"},
    "merge in": {"vi": "gộp ví vào", "en": "merged in"},
    "merge out": {"vi": "gộp ví đi", "en": "merged out"},
    "refund hold": {"vi": "tạm giữ để hoàn tiền", "en": "held to be paid back"},
    "refund release": {"vi": "không hoàn tiền được, trả lại", "en": "could not be paid back, yours again"},
    "lapse": {"vi": "hết hiệu lực", "en": "lapsed"},
    "void": {"vi": "thu lại tiền chơi", "en": "play money taken back"},
}
SETTINGS: Said = {
    "vi": "⚙️ Cài đặt\nNgôn ngữ: Tiếng Việt\nHỏi trước khi vẽ: {asks}\nTrau chuốt lời mô tả: {improves}",
    "en": "⚙️ Settings\nLanguage: English\nAsk before painting: {asks}\nImprove my words: {improves}",
}
IMPROVES: dict[str, Said] = {"on": {"vi": "bật", "en": "on"}, "off": {"vi": "tắt", "en": "off"}}
IMPROVE_BUTTON: dict[str, Said] = {
    "on": {"vi": "✨ Trau chuốt lời", "en": "✨ Improve my words"},
    "off": {"vi": "✍️ Giữ nguyên lời", "en": "✍️ Keep my words"},
}
IMPROVE_SET: dict[str, Said] = {
    "on": {
        "vi": "Đã lưu: mình thêm ánh sáng và chi tiết vào lời của bạn, và cho bạn xem lời đã dùng.",
        "en": "Saved: light and detail are added to your words, and you are shown the words used.",
    },
    "off": {
        "vi": "Đã lưu: mình vẽ đúng lời bạn, chỉ dịch khi cần.",
        "en": "Saved: your words are painted as they are, and only translated where they must be.",
    },
}
ASKS: dict[str, Said] = {
    "dear": {"vi": "chỉ khi tốn hơn giá rẻ nhất", "en": "only when it costs more than the cheapest"},
    "always": {"vi": "luôn hỏi", "en": "always"},
    "never": {"vi": "không hỏi, vẽ luôn", "en": "never, go ahead"},
}
ASK_BUTTON: dict[str, Said] = {
    "dear": {"vi": "Hỏi khi tốn hơn", "en": "Ask when dearer"},
    "always": {"vi": "Luôn hỏi", "en": "Always ask"},
    "never": {"vi": "Vẽ luôn", "en": "Never ask"},
}
ASKS_SET: Said = {"vi": "Đã lưu: {asks}.", "en": "Saved: {asks}."}
MYDATA: Said = {
    "vi": "📦 Mọi dữ liệu của bạn trong một tệp ZIP: hồ sơ, lần đồng ý, mô tả, ảnh và lịch sử credit.",
    "en": "📦 Everything of yours in one ZIP: profile, consents, prompts, pictures and credit history.",
}
DOWNLOAD: Said = {"vi": "Tải về", "en": "Download"}
SURE_LEAVE: Said = {
    "vi": "🗑️ Xoá mọi thứ của bạn sau 7 ngày ({at})? Bạn sẽ mất {images} ảnh, {paid} credit đã mua và {gift} credit tặng.",
    "en": "🗑️ Delete everything of yours in 7 days ({at})? You would lose {images} pictures, {paid} credits you paid for and "
    "{gift} gift credits.",
}
LEAVE: Said = {"vi": "Xoá sau 7 ngày", "en": "Delete in 7 days"}
LEAVING: Said = {
    "vi": "Mọi thứ sẽ được xoá vào {at}. Đổi ý trước lúc đó thì bấm Giữ lại.",
    "en": "Everything will be deleted on {at}. Press Keep it if you change your mind before.",
}
KEEP: Said = {"vi": "Giữ lại", "en": "Keep it"}
STAYING: Said = {"vi": "Tốt quá, mọi thứ được giữ lại.", "en": "Good, everything stays."}
DOES: dict[str, Said] = {
    "start": {"vi": "bắt đầu", "en": "begin"},
    "help": {"vi": "trợ giúp", "en": "help"},
    "balance": {"vi": "số dư credit", "en": "your credits"},
    "history": {"vi": "lịch sử credit", "en": "what happened to your credits"},
    "settings": {"vi": "cài đặt", "en": "settings"},
    "language": {"vi": "đổi ngôn ngữ", "en": "change the language"},
    "privacy": {"vi": "quyền riêng tư", "en": "privacy"},
    "terms": {"vi": "điều khoản", "en": "terms of use"},
    "mydata": {"vi": "tải dữ liệu của bạn", "en": "download your data"},
    "deleteme": {"vi": "xoá dữ liệu của bạn", "en": "delete your data"},
}
LANGUAGE_USAGE: Said = {"vi": "/language vi hoặc /language en", "en": "/language vi or /language en"}
