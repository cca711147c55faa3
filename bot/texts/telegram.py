"""What only Telegram's own windows say: alerts over a button, before a payment, and how the bot introduces itself."""

from bot.texts import Said

NOT_YOURS: Said = {
    "vi": "Nút này không phải của bạn, hoặc đã quá cũ. Gõ /help để bắt đầu lại nhé.",
    "en": "This button is not yours, or it is too old. Type /help to begin again.",
}
TOO_FAST: Said = {
    "vi": "Hơi nhanh quá, bạn chờ vài giây rồi bấm lại nhé. Lần bấm này chưa làm gì cả.",
    "en": "A little too fast: wait a few seconds and press again. This press has done nothing.",
}
NOT_FOR_SALE: Said = {
    "vi": "Ở đây chưa nhận thanh toán bằng Stars. Gõ /topup để nạp credit nhé. Bạn chưa bị trừ gì.",
    "en": "Stars are not taken here yet. Type /topup to buy credits. Nothing was charged.",
}
TRY_AGAIN: Said = {
    "vi": "Hệ thống đang bận, bạn thử lại sau ít phút nhé. Bạn chưa bị trừ gì.",
    "en": "We are busy just now, please try again in a few minutes. Nothing was charged.",
}
DESCRIPTION: Said = {
    "vi": (
        "Gõ vài từ, mình vẽ thành ảnh. Tiếng Việt hay tiếng Anh đều được.\n\n"
        "Mỗi ảnh tốn vài credit, chỉ trừ khi ảnh đã vẽ xong. Giá: /pricing."
    ),
    "en": (
        "Type a few words and get a picture, in Vietnamese or English.\n\n"
        "A picture costs a few credits, charged only once it is drawn. Prices: /pricing."
    ),
}
SHORT: Said = {"vi": "Vài từ của bạn thành một bức ảnh.", "en": "A few words of yours become a picture."}
