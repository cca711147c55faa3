"""What is said while two chats become one person."""

from bot.texts import Said

USAGE: Said = {"vi": "/link hoặc /link MÃ", "en": "/link or /link CODE"}
DOES: dict[str, Said] = {"link": {"vi": "dùng chung ví với kênh chat khác", "en": "share one wallet with another chat"}}
CODE: Said = {
    "vi": "🔗 Dùng chung một ví ở nhiều kênh chat: trong {minutes} phút, mở Imagify ở kênh kia và gõ\n/link {code}\nVí ở đây được "
    "giữ; credit đã mua và ảnh ở kênh kia chuyển sang ví này, credit tặng ở kênh kia thì không. Đừng đưa mã này cho ai. Gõ mã ở "
    "kênh kia xong, bạn quay lại đây bấm nút bên dưới.",
    "en": "🔗 One wallet for several chats: within {minutes} minutes, open Imagify in the other chat and type\n/link {code}\nThe "
    "wallet here stays; credits bought and pictures made in the other chat move to it, its gift credits do not. Give this code to "
    "nobody. Once it is typed over there, come back and press the button below.",
}
TYPED: Said = {"vi": "Đã gõ ở kênh kia", "en": "I have typed it there"}
OPEN: Said = {"vi": "Mở {channel}", "en": "Open {channel}"}
NOT_TYPED: Said = {
    "vi": "⏳ Mã này chưa được đồng ý ở kênh kia. Mở Imagify ở đó, gõ /link {code} rồi bấm Đồng ý.",
    "en": "⏳ Nobody has agreed to this code in another chat yet. Open Imagify there, type /link {code} and agree.",
}
JOINS: Said = {
    "vi": "🔗 Gộp chat này vào ví của {other}?\nChuyển sang đó: {paid} credit đã mua và {images} ảnh. Mất hiệu lực: {lapses} credit "
    "tặng. Không tách ra được nữa. Chỉ đồng ý nếu chính bạn đã tạo mã này.",
    "en": "🔗 Join this chat to the wallet of {other}?\nTo it move: {paid} bought credits and {images} pictures. Lapsing: {lapses} "
    "gift credits. They cannot be parted again. Agree only if you made this code yourself.",
}
TAKES_IN: Said = {
    "vi": "🔗 {other} muốn dùng chung ví này.\nChuyển sang đây: {paid} credit đã mua và {images} ảnh. Mất hiệu lực ở đó: {lapses} "
    "credit tặng. Không tách ra được nữa. Chỉ đồng ý nếu đó là chat của chính bạn.",
    "en": "🔗 {other} wants to share this wallet.\nTo here move: {paid} bought credits and {images} pictures. Lapsing over there: "
    "{lapses} gift credits. They cannot be parted again. Agree only if that chat is your own.",
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
LINKED_BEFORE: Said = {
    "vi": "✅ Hai chat này đã dùng chung một ví.",
    "en": "✅ These two chats share a wallet already.",
}
NOT_LINKED: Said = {
    "vi": "Không có gì thay đổi. Mã tự hết hạn sau ít phút.",
    "en": "Nothing was changed. The code runs out by itself in a few minutes.",
}
