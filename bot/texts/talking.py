"""What is said to words that are no prompt: kindly, shortly, and with one thing to do next."""

from bot.texts import Said

SMALL: dict[str, Said] = {
    "thanks": {
        "vi": "🤗 Không có gì ạ! Muốn tấm nữa, bạn cứ gõ điều muốn thấy.",
        "en": "🤗 You are welcome! For another one, just type what you want to see.",
    },
    "praise": {
        "vi": "😊 Bạn thích là mình vui rồi. Gõ mô tả để vẽ tấm nữa nhé.",
        "en": "😊 Glad you like it. Type what you want to see for another one.",
    },
    "blame": {
        "vi": "😔 Tiếc quá, chưa như ý bạn. Vẽ lại hoặc sửa mô tả cho rõ hơn nhé.",
        "en": "😔 Sorry, that is not what you meant. Try it again, or say in the prompt what was missing.",
    },
    "nod": {
        "vi": "👌 Mình ở đây. Gõ điều bạn muốn thấy là mình vẽ, hoặc gõ “giúp”.",
        "en": "👌 I am here. Type what you want to see, or “help”.",
    },
    "bye": {
        "vi": "👋 Hẹn gặp lại bạn! Ảnh của bạn vẫn ở /gallery.",
        "en": "👋 See you! Your pictures stay in /gallery.",
    },
}
NO_PICTURE: Said = {
    "vi": "🖼️ Bạn chưa có ảnh nào để vẽ lại hay sửa. Gõ điều bạn muốn thấy nhé. Không trừ credit.",
    "en": "🖼️ There is no picture of yours yet to go back to. Type what you want to see. No credits were used.",
}
AGAIN: Said = {
    "vi": "🔄 Vẽ thêm từ lời của ảnh mới nhất? Chưa trừ credit.",
    "en": "🔄 Once more, with the words of your newest picture? No credits were used yet.",
}
MOST: Said = {
    "vi": "🔢 Mỗi lần mình vẽ được nhiều nhất {most} ảnh. Chưa trừ credit.",
    "en": "🔢 I paint {most} pictures at once at most. No credits were used yet.",
}
CHANGED: Said = {
    "vi": "✏️ Sửa ảnh mới nhất theo lời này? Chưa trừ credit. Muốn sửa ảnh khác, trả lời ảnh đó hoặc dùng /edit.",
    "en": "✏️ Change your newest picture like this? No credits were used yet. To change another one, reply to it or use /edit.",
}
NOT_CHANGED: Said = {
    "vi": "✏️ Ở đây mình chưa sửa được ảnh đã vẽ. Vẽ tấm mới với lời của ảnh trước và ý bạn vừa nói? Chưa trừ credit.",
    "en": "✏️ I cannot change a finished picture here. A new one, with the words of the last one and what you just said? "
    "No credits were used yet.",
}
DOUBT: Said = {
    "vi": "🤔 Mình chưa rõ bạn muốn vẽ “{words}” hay muốn nói chuyện khác. Chưa trừ credit.",
    "en": "🤔 I am not sure whether “{words}” is to be painted. No credits were used.",
}
HOW_TO_PAINT: Said = {
    "vi": "Để vẽ: /ve {words}. Để xem mình làm được gì: /help.",
    "en": "To have it painted: /ve {words}. For what can be done here: /help.",
}
NO: Said = {"vi": "Không vẽ", "en": "Do not paint"}
NOT_PAINTED: Said = {"vi": "👌 Mình không vẽ. Không trừ credit.", "en": "👌 Nothing is painted. No credits were used."}
