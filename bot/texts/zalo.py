"""What only Zalo's chats are told: of numbers that stand for nothing, of what cannot be read here, of a plan that ends."""

from bot.texts import Said

OLD_NUMBER: Said = {
    "vi": "🕰️ Danh sách đó đã cũ nên số này không còn dùng được. Gõ mô tả để vẽ, “thu vien” để xem ảnh, hoặc “tro giup”.",
    "en": "🕰️ That list is too old, so its numbers are of no use any more. Type what you want to see, or “gallery”, or “help”.",
}
NO_NUMBER: Said = {
    "vi": "🔢 Danh sách mới nhất không có lựa chọn này. Bạn xem lại các số ở tin nhắn trên nhé.",
    "en": "🔢 There is no such choice in the newest list. Please look at the numbers above.",
}
WHICH_NUMBER: Said = {
    "vi": "🔢 Mình không chắc bạn chọn từ danh sách nào. Bạn gõ lại bằng chữ giúp mình nhé, ví dụ “ve lai” hoặc “gui lai”.",
    "en": "🔢 I am not sure which list you mean. Please say it in words, for example “again” or “send again”.",
}
UNREADABLE: Said = {
    "vi": "🙏 Tin nhắn này Zalo không cho mình đọc nội dung, nên mình chưa giúp được. Cảm ơn bạn đã nhắn.",
    "en": "🙏 Zalo does not let me read this message, so I cannot help with it. Thank you for writing.",
}
PRIVATE_ONLY: Said = {
    "vi": "👋 Imagify chỉ trò chuyện riêng. Bạn nhắn tin riêng cho bot để vẽ ảnh nhé.",
    "en": "👋 Imagify talks in private chats only. Please write to the bot in private.",
}
LAST_TODAY: Said = {
    "vi": "🌙 Hôm nay mình chỉ còn gửi được cho bạn ảnh đã đặt và biên nhận. Mai mình trả lời tiếp nhé.",
    "en": "🌙 For today I can only send you pictures you ordered and receipts. I answer again tomorrow.",
}
ALARMS: dict[str, Said] = {
    "zalo quota": {
        "vi": "🛑 Zalo báo bot đã hết hạn mức (429). Mình ngừng gửi và vài phút thử lại một lần; ảnh và biên nhận chờ tới lúc gửi được.",
        "en": "🛑 Zalo says that the bot's quota is used up (429). Nothing is sent; it is tried again every few minutes, and pictures "
        "and receipts wait until then.",
    },
    "zalo messages near": {
        "vi": "📈 Zalo: đã gửi {used}/{most} tin nhắn của gói tháng này.",
        "en": "📈 Zalo: {used} of the plan's {most} messages are sent this month.",
    },
    "zalo messages out": {
        "vi": "🛑 Zalo: đã hết {most} tin nhắn của gói tháng này. Ảnh chưa gửi được sẽ hoàn credit. Nâng gói và IMAGIFY_ZALO__MESSAGES.",
        "en": "🛑 Zalo: all of the plan's {most} messages are sent. Pictures that cannot be brought are paid back. Take a larger plan "
        "and raise IMAGIFY_ZALO__MESSAGES.",
    },
    "zalo people near": {
        "vi": "📈 Zalo: {used}/{most} người của gói đã nhắn cho bot.",
        "en": "📈 Zalo: {used} of the {most} people that the plan allows have written to the bot.",
    },
    "zalo people out": {
        "vi": "🛑 Zalo: đã đủ {most} người của gói, người mới nhắn sẽ không được trả lời. Nâng gói và IMAGIFY_ZALO__USERS.",
        "en": "🛑 Zalo: the plan's {most} people are reached, whoever comes now is not answered. Take a larger plan and raise "
        "IMAGIFY_ZALO__USERS.",
    },
}
