"""What admins are told when a vendor of chats is not heard, or does not take what the house tells it about itself."""

from bot.texts import Said

ALARMS: dict[str, Said] = {
    "deaf": {
        "vi": "🔇 Từ {since} mình không nghe được gì từ {vendor}: ai nhắn ở đó đều chưa được trả lời. Chưa mất gì, tin nhắn chờ bên đó. "
        "Xem: imagify doctor --ask",
        "en": "🔇 Nothing is heard from {vendor} since {since}: whoever writes there is not answered. Nothing is lost yet, it waits "
        "there. Look: imagify doctor --ask",
    },
    "menu refused": {
        "vi": "📋 Telegram không nhận {code}, nên menu hoặc lời giới thiệu bot thiếu phần đó. Bot vẫn nghe và trả lời. Mở lại house thì thử "
        "lại.",
        "en": "📋 Telegram does not take {code}, so that part of the menu or of the bot's description is missing. The bot hears and "
        "answers all the same. It is tried again when the house opens anew.",
    },
}
