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
    "vi": "📦 Mọi dữ liệu của bạn trong một tệp ZIP: hồ sơ, lần đồng ý, mô tả, ảnh, lịch sử credit và đơn nạp.",
    "en": "📦 Everything of yours in one ZIP: profile, consents, prompts, pictures, credit history and orders.",
}
MYDATA_COMES: Said = {
    "vi": "📦 Mọi dữ liệu của bạn: hồ sơ, lần đồng ý, mô tả, ảnh, lịch sử credit và đơn nạp. Tệp ZIP sẽ tới ngay dưới đây; nhiều ảnh "
    "thì có nhiều tệp.",
    "en": "📦 Everything of yours: profile, consents, prompts, pictures, credit history and orders. The ZIP follows; where there "
    "are many pictures there are several.",
}
MYDATA_BROKE: Said = {
    "vi": "😔 Tệp dữ liệu chưa gửi hết được. Dữ liệu của bạn vẫn còn nguyên; gõ /mydata để nhận lại từ đầu.",
    "en": "😔 Not all of your data could be sent. They are all still there; /mydata sends them anew.",
}
MYDATA_LINK: Said = {
    "vi": "📦 Mọi dữ liệu của bạn trong một tệp ZIP: hồ sơ, lần đồng ý, mô tả, ảnh, lịch sử credit và đơn nạp. Mở địa chỉ dưới đây "
    "trong 15 phút và bấm nút tải. Ai có địa chỉ này đều tải được, đừng gửi cho người khác.",
    "en": "📦 Everything of yours in one ZIP: profile, consents, prompts, pictures, credit history and orders. Open the address below "
    "within 15 minutes and press the button. Whoever has the address can do so; send it to nobody.",
}
MYDATA_NOWHERE: Said = {
    "vi": "📦 Kênh chat này không gửi tệp được và nơi này chưa có địa chỉ web. Gõ /link để nối với Telegram hoặc chat web rồi gõ "
    "/mydata ở đó.",
    "en": "📦 This chat takes no files, and this house has no address on the web yet. Use /link to join it with Telegram or the web "
    "chat, and type /mydata there.",
}
UNDER_WAY: Said = {
    "vi": "⏳ Dữ liệu của bạn đang được tải, hoặc quá nhiều người đang tải cùng lúc. Đợi xong rồi thử lại sau ít phút nhé.",
    "en": "⏳ Your data are being handed over already, or those of too many others are. Please try again in a few minutes.",
}
LINK_OVER: Said = {
    "vi": "Địa chỉ này đã hết hạn hoặc không đúng. Gõ /mydata trong chat để nhận địa chỉ mới.",
    "en": "This address has run out, or is not right. Type /mydata in the chat to be sent another.",
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
