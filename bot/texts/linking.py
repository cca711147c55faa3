"""What is said while two chats become one person, and when one of them leaves again."""

from bot.texts import Said
from core import clock, guesses
from core.errors import Unlinked

USAGE: Said = {"vi": "/link hoặc /link MÃ", "en": "/link or /link CODE"}
DOES: dict[str, Said] = {
    "link": {"vi": "dùng chung ví với kênh chat khác", "en": "share one wallet with another chat"},
    "unlink": {"vi": "rời ví dùng chung", "en": "leave a shared wallet"},
}
LANGUAGES: dict[str, Said] = {
    "vi": {"vi": "tiếng Việt", "en": "Vietnamese"},
    "en": {"vi": "tiếng Anh", "en": "English"},
}

# -- joining ----------------------------------------------------------------------------------------------------------

CODE: Said = {
    "vi": "🔗 Dùng chung một ví ở nhiều kênh chat: trong {minutes} phút, mở Imagify ở kênh kia và gõ\n/link {code}\nVí ở đây được "
    "giữ; credit đã mua, ảnh và đơn hàng ở kênh kia chuyển sang ví này, credit tặng ở kênh kia thì không. Đừng đưa mã này cho ai. "
    "Gõ mã ở kênh kia xong, bạn quay lại đây bấm nút bên dưới.",
    "en": "🔗 One wallet for several chats: within {minutes} minutes, open Imagify in the other chat and type\n/link {code}\nThe "
    "wallet here stays; credits bought, pictures and orders of the other chat move to it, its gift credits do not. Give this code "
    "to nobody. Once it is typed over there, come back and press the button below.",
}
TYPED: Said = {"vi": "Đã gõ ở kênh kia", "en": "I have typed it there"}
OPEN: Said = {"vi": "Mở {channel}", "en": "Open {channel}"}
NOT_TYPED: Said = {
    "vi": "⏳ Mã này chưa được đồng ý ở kênh kia. Mở Imagify ở đó, gõ /link {code} rồi bấm Đồng ý.",
    "en": "⏳ Nobody has agreed to this code in another chat yet. Open Imagify there, type /link {code} and agree.",
}
JOINS: Said = {
    "vi": "🔗 Gộp chat này vào ví của {other}?\nChuyển sang đó: {paid} credit đã mua, {images} ảnh và {orders} đơn hàng. Mất hiệu "
    "lực: {lapses} credit tặng. Ngôn ngữ sau đó: {language}. Sau này có thể rời bằng /unlink, nhưng ví sẽ ở lại bên kia. Chỉ đồng ý "
    "nếu chính bạn đã tạo mã này.",
    "en": "🔗 Join this chat to the wallet of {other}?\nTo it move: {paid} bought credits, {images} pictures and {orders} orders. "
    "Lapsing: {lapses} gift credits. Language from then on: {language}. You can leave later with /unlink, but the wallet stays "
    "over there. Agree only if you made this code yourself.",
}
TAKES_IN: Said = {
    "vi": "🔗 {other} muốn dùng chung ví này.\nChuyển sang đây: {paid} credit đã mua, {images} ảnh và {orders} đơn hàng. Mất hiệu lực "
    "ở đó: {lapses} credit tặng. Ngôn ngữ của cả hai: {language}. Kênh nào cũng dùng được hết credit; ai rời bằng /unlink thì ví ở "
    "lại với kênh còn lại. Chỉ đồng ý nếu đó là chat của chính bạn.",
    "en": "🔗 {other} wants to share this wallet.\nTo here move: {paid} bought credits, {images} pictures and {orders} orders. "
    "Lapsing over there: {lapses} gift credits. Language of both: {language}. Either chat can spend every credit; whichever leaves "
    "with /unlink, the wallet stays with the other. Agree only if that chat is your own.",
}
YES: Said = {"vi": "Đồng ý", "en": "I agree"}
NO: Said = {"vi": "Không", "en": "No"}
ACCEPTED: Said = {
    "vi": "👍 Đã ghi nhận. Bước cuối: quay lại kênh đã tạo mã, bấm “Đã gõ ở kênh kia” rồi Đồng ý.",
    "en": "👍 Noted. The last step: go back to the chat that made the code, press “I have typed it there”, and agree.",
}
LINKED: Said = {
    "vi": "✅ Xong: {count} kênh chat dùng chung ví này. Bạn có {free} credit.",
    "en": "✅ Done: {count} chats share this wallet. You have {free} credits.",
}
LINKED_TOLD: Said = {
    "vi": "✅ Chat này và {other} giờ dùng chung một ví: {free} credit. Không phải bạn làm? Gõ /unlink.",
    "en": "✅ This chat and {other} share one wallet now: {free} credits. Was it not you? Type /unlink.",
}
LINKED_BEFORE: Said = {
    "vi": "✅ Hai chat này đã dùng chung một ví.",
    "en": "✅ These two chats share a wallet already.",
}
NOT_LINKED: Said = {
    "vi": "Không có gì thay đổi. Mã tự hết hạn sau ít phút.",
    "en": "Nothing was changed. The code runs out by itself in a few minutes.",
}

# -- parting ----------------------------------------------------------------------------------------------------------

LEAVE: Said = {
    "vi": "🔓 Cho chat này rời ví chung?\nVí ở lại với {other}: {free} credit, {images} ảnh, mọi đơn hàng. Ở đây bắt đầu lại với ví "
    "trống, không có quà mới, và không xem được ảnh cũ. Muốn giữ ví ở đây, hãy gõ /unlink ở kênh kia.",
    "en": "🔓 Let this chat leave the shared wallet?\nThe wallet stays with {other}: {free} credits, {images} pictures, all orders. "
    "Here you begin anew with an empty one, without another gift, and old pictures cannot be seen. To keep the wallet here, type "
    "/unlink in the other chat instead.",
}
LEAVE_YES: Said = {"vi": "Rời ví", "en": "Leave"}
LEAVE_NO: Said = {"vi": "Ở lại", "en": "Stay"}
SURE: Said = {
    "vi": "❗ Hỏi lại lần cuối: {free} credit và {images} ảnh sẽ KHÔNG còn dùng được ở đây, chỉ ở {other}. Chắc chắn rời?",
    "en": "❗ Asked once more: {free} credits and {images} pictures will NOT be of use here any more, only at {other}. Leave for sure?",
}
SURE_YES: Said = {"vi": "Chắc chắn rời", "en": "Leave for sure"}
STAYED: Said = {
    "vi": "Không có gì thay đổi: ví vẫn dùng chung.",
    "en": "Nothing was changed: the wallet is still shared.",
}
HAS_LEFT: Said = {
    "vi": "🔓 Chat này đã rời ví chung. Credit, ảnh và đơn hàng ở lại với {other}; ở đây bạn có ví mới, {free} credit. Muốn dùng chung "
    "lại, gõ /link ở kênh kia.",
    "en": "🔓 This chat has left the shared wallet. Credits, pictures and orders stay with {other}; here you have a new one, {free} "
    "credits. To share again, type /link in the other chat.",
}
WAS_LEFT: Said = {
    "vi": "🔓 {other} đã rời ví này. Ví ở lại với bạn: {free} credit, ảnh và đơn hàng như cũ.",
    "en": "🔓 {other} has left this wallet. It stays with you: {free} credits, pictures and orders as they were.",
}

# -- why not: what happened, what it cost, what to do -----------------------------------------------------------------

WHERE: dict[bool, Said] = {
    True: {"vi": "chat này", "en": "this chat"},
    False: {"vi": "kênh kia", "en": "the other chat"},
}
COST: Said = {"vi": "Không có gì thay đổi, không trừ credit.", "en": "Nothing was changed, no credits were used."}
WHY: dict[Unlinked, Said] = {
    "code": {
        "vi": "🔎 Không có mã này. {cost} Xem lại từng ký tự, hoặc gõ /link ở kênh kia để lấy mã mới.",
        "en": "🔎 There is no such code. {cost} Look at every letter of it, or type /link in the other chat for a new one.",
    },
    "expired": {
        "vi": "⌛ Mã đã hết hạn. {cost} Gõ /link ở kênh muốn giữ ví để lấy mã mới.",
        "en": "⌛ The code has run out. {cost} Type /link in the chat whose wallet is to stay, for a new one.",
    },
    "used": {
        "vi": "🚫 Mã này đã được dùng. {cost} Mỗi mã dùng một lần; gõ /link ở kênh muốn giữ ví để lấy mã mới.",
        "en": "🚫 This code has been used. {cost} A code is good for once; type /link in the chat whose wallet is to stay.",
    },
    "taken": {
        "vi": "🚫 Một chat khác đã đồng ý với mã này. {cost} Nếu không phải bạn, gõ /link để lấy mã mới và đừng đưa cho ai.",
        "en": "🚫 Another chat has agreed to this code. {cost} If that was not you, type /link for a new one and show it to nobody.",
    },
    "void": {
        "vi": "🚫 Mã hoặc nút này không còn giá trị: đã có thay đổi kể từ lúc đó. {cost} Bắt đầu lại bằng /link hoặc /unlink nhé.",
        "en": "🚫 This is of no use any more: something has changed since. {cost} Begin anew with /link or /unlink.",
    },
    "same chat": {
        "vi": "↩️ Mã này được tạo ở chính chat này. {cost} Hãy gõ nó ở kênh kia (Telegram, Zalo hoặc web).",
        "en": "↩️ The code was made in this very chat. {cost} Type it in the other one (Telegram, Zalo or web).",
    },
    "already": {
        "vi": "✅ Hai chat này đã dùng chung một ví. {cost} Gõ /balance để xem ví.",
        "en": "✅ These two chats share a wallet already. {cost} Type /balance to see it.",
    },
    "not accepted": {
        "vi": "⏳ Mã này chưa được đồng ý ở kênh kia. {cost} Gõ mã ở đó rồi bấm Đồng ý, sau đó quay lại đây.",
        "en": "⏳ Nobody has agreed to this code in the other chat yet. {cost} Type it there and agree, then come back.",
    },
    "not yours": {
        "vi": "👉 Bước cuối thuộc về kênh đã tạo mã. {cost} Quay lại đó và bấm Đồng ý.",
        "en": "👉 The last step is for the chat that made the code. {cost} Go back there and agree.",
    },
    "drawing": {
        "vi": "🎨 Ở {where} còn ảnh đang vẽ hoặc đang gửi. {cost} Đợi ảnh tới (xem /queue) hoặc huỷ, rồi thử lại.",
        "en": "🎨 A picture of {where} is still being drawn or on its way. {cost} Wait for it (see /queue) or cancel it, then try again.",
    },
    "refund": {
        "vi": "💸 Ở {where} đang có khoản hoàn tiền. {cost} Đợi hoàn xong (thường trong vài ngày) rồi thử lại.",
        "en": "💸 Money is being paid back in {where}. {cost} Wait until that is done (a few days as a rule), then try again.",
    },
    "orders": {
        "vi": "🧾 Ở {where} có đơn nạp đang chờ thanh toán. {cost} Thanh toán hoặc huỷ đơn (xem /history), rồi thử lại.",
        "en": "🧾 An order of {where} waits to be paid. {cost} Pay or cancel it (see /history), then try again.",
    },
    "frozen": {
        "vi": "🔒 Ví của {where} đang tạm khoá để kiểm tra. {cost} Credit vẫn an toàn; thử lại khi đã mở, hoặc gõ /paysupport.",
        "en": "🔒 The wallet of {where} is on hold while it is checked. {cost} Credits are safe; try again later or see /paysupport.",
    },
    "banned": {
        "vi": "🚫 Đang bị khoá: {where}, nên không dùng chung ví được. {cost} Muốn xem xét lại, gõ /paysupport.",
        "en": "🚫 Banned: {where}, so no wallet can be shared with it. {cost} To have that looked at again, see /paysupport.",
    },
    "leaving": {
        "vi": "🗑️ Đang chờ xoá dữ liệu: {where}. {cost} Chọn ở lại (/deleteme) rồi thử lại.",
        "en": "🗑️ Waiting to be forgotten: {where}. {cost} Choose to stay (/deleteme), then try again.",
    },
    "many": {
        "vi": "✋ Ví này đã gộp quá nhiều chat. {cost} Dùng các chat đang có, hoặc gõ /paysupport.",
        "en": "✋ Too many chats have joined this wallet. {cost} Use those there are, or see /paysupport.",
    },
    "alone": {
        "vi": "🔓 Chat này không dùng chung ví với chat nào. {cost} Muốn dùng chung, gõ /link.",
        "en": "🔓 This chat shares its wallet with no other. {cost} To share one, type /link.",
    },
    "raced": {
        "vi": "⏳ Có việc khác xảy ra cùng lúc. {cost} Thử lại sau ít giây nhé.",
        "en": "⏳ Something else happened at the same moment. {cost} Please try again in a few seconds.",
    },
}
TOO_MANY: Said = {
    "vi": "✋ Quá nhiều mã sai. {cost} Bạn nhập mã lại được sau {wait}; mã của kênh kia nên lấy mới lúc đó.",
    "en": "✋ Too many wrong codes. {cost} You can say one again in {wait}; ask for a new one in the other chat then.",
}
ALARMS: dict[str, Said] = {
    guesses.PAUSED: {
        "vi": f"🚨 {{most}} mã liên kết sai trong {guesses.OF_A_KIND // clock.MINUTE} phút từ các chat {{chats}}: có kẻ đang dò mã. Riêng ở đó mình tạm dừng "
        f"nhập mã trong {guesses.PAUSE // clock.MINUTE} phút. Ai đang liên kết dở vẫn làm tiếp được; ví không đổi.",
        "en": f"🚨 {{most}} wrong codes for linking within {guesses.OF_A_KIND // clock.MINUTE} minutes, in chats of {{chats}}: somebody is trying them "
        f"out. Nobody there may say a code for {guesses.PAUSE // clock.MINUTE} minutes. Whoever is half-way through can go on; no wallet has changed.",
    },
}
