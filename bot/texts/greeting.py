"""The first words: who we are, what we keep, and what can be done here."""

from bot.texts import Said

CONSENT: Said = {
    "vi": "Mình là Imagify, phần mềm tự động tạo ảnh bằng AI. Để tạo ảnh, mình cần lưu mã tài khoản chat, lời mô tả và "
    "ảnh của bạn, và gửi lời mô tả (cùng ảnh bạn nhờ sửa hay mô tả) tới máy chủ AI ở nước ngoài. Bạn đồng ý chứ?",
    "en": "I am Imagify, software that makes pictures with AI. To do so I store the id of your chat, your prompts and "
    "your pictures, and send the prompts (and pictures you want changed or described) to an AI server abroad. Do you agree?",
}
KEPT_FOR_LATER: Said = {
    "vi": "Mình đã giữ lời mô tả của bạn, đồng ý xong là vẽ ngay.",
    "en": "Your prompt is kept and will be drawn as soon as you agree.",
}
BEGIN_IN_PRIVATE: Said = {
    "vi": "👋 Trước khi vẽ, mình cần bạn đồng ý vài điều: nhắn riêng cho mình nhé.",
    "en": "👋 Before I paint there is something to agree to: please begin with me in private.",
}
AGREE: Said = {"vi": "Đồng ý", "en": "I agree"}
POLICY: Said = {"vi": "Xem chính sách", "en": "Read the policy"}
DECLINE: Said = {"vi": "Không", "en": "No"}
DECLINED: Said = {
    "vi": "Không sao. Mình không lưu gì thêm và không tạo ảnh. Khi nào đổi ý, cứ bấm Đồng ý.",
    "en": "That is fine. Nothing more is stored and no pictures are made. Press I agree whenever you change your mind.",
}
WELCOME: Said = {
    "vi": "👋 Chào bạn! Mình là Imagify – trợ lý AI biến lời mô tả của bạn thành ảnh. Bạn có {free} credit dùng thử. "
    "Cứ gõ mô tả, ví dụ: mèo mướp đội nón lá, tranh lụa.",
    "en": "👋 Hello! I am Imagify, an AI assistant that turns your words into pictures. You have {free} credits to try "
    "with. Just type what you want to see, for example: tabby cat in a conical hat, silk painting.",
}
WELCOME_BACK: Said = {
    "vi": "👋 Chào bạn trở lại! Bạn có {free} credit. Cứ gõ mô tả là mình vẽ.",
    "en": "👋 Welcome back! You have {free} credits. Type what you want to see.",
}
TRY: tuple[Said, ...] = (
    {"vi": "mèo mướp đội nón lá, tranh lụa", "en": "tabby cat in a conical hat, silk painting"},
    {"vi": "phố cổ Hội An đêm đèn lồng --ar 16:9", "en": "old town at night with lanterns --ar 16:9"},
    {"vi": "con rồng trên ruộng bậc thang, màu nước", "en": "a dragon over rice terraces, watercolour"},
)
PRIVACY: Said = {
    "vi": "🔒 Quyền riêng tư\n• Mình lưu: mã tài khoản chat, lời mô tả, ảnh, số dư và lịch sử credit.\n• Lời mô tả, "
    "và ảnh bạn nhờ sửa hay mô tả, được gửi tới máy chủ AI không kèm danh tính của bạn. Ảnh bạn gửi được giữ một ngày.\n• Ảnh là riêng tư và mang dấu “do AI tạo”.\n• /mydata: tải mọi dữ "
    "liệu của bạn. /deleteme: xoá sau 7 ngày. Sổ credit được giữ lại không kèm danh tính.\nBạn đã đồng ý: {agreed}",
    "en": "🔒 Privacy\n• Stored: the id of your chat, your prompts, pictures, balance and credit history.\n• Prompts, "
    "and pictures you want changed or described, are sent to the AI server without saying who you are. What you send is kept "
    "for a day.\n• Pictures are private and carry a mark “made by AI”.\n• /mydata: "
    "download everything. /deleteme: erased after 7 days. The credit ledger stays without your identity.\nYou agreed: "
    "{agreed}",
}
NEVER: Said = {"vi": "chưa", "en": "not yet"}
HELP: Said = {
    "vi": "Gõ mô tả là mình vẽ. Thêm được: --ar 16:9 (tỉ lệ), --n 4 (số ảnh), --seed 7, --no chữ, --style anime, --plain "
    "(đúng lời, không thêm gì).\n\n{list}",
    "en": "Type what you want to see. You may add: --ar 16:9 (ratio), --n 4 (how many), --seed 7, --no text, "
    "--style anime, --plain (your words, nothing added).\n\n{list}",
}
# A line for each group of core/rules.toml: what is refused, and in brackets what passes all the same.
NOT_DRAWN: dict[str, Said] = {
    "minors": {"vi": "trẻ em bị tình dục hoá", "en": "sexualised children"},
    "sexual": {
        "vi": "khoả thân, khiêu dâm (được: tượng và tranh cổ điển, giải phẫu, mẹ cho con bú)",
        "en": "nudity, sexual content (allowed: classical statues and paintings, anatomy, breastfeeding)",
    },
    "likeness": {
        "vi": "ghép mặt người thật, người giữ chức vụ trong cảnh bê bối",
        "en": "real faces put on others, office holders in a scandal",
    },
    "documents": {
        "vi": "giấy tờ giả, tờ tiền như thật (được: đồ chơi, heo đất, tiền trong bảo tàng)",
        "en": "forged papers, lifelike banknotes (allowed: toys, piggy banks, money in a museum)",
    },
    "state": {
        "vi": "xúc phạm quốc kỳ, lãnh tụ; bản đồ Việt Nam thiếu Hoàng Sa, Trường Sa",
        "en": "insults to the flag or leaders of Việt Nam, maps of it without Hoàng Sa and Trường Sa",
    },
    "gambling": {"vi": "quảng cáo cờ bạc, cá cược", "en": "gambling and betting"},
    "drugs": {"vi": "ma tuý (được: phòng chống)", "en": "drugs (allowed: prevention)"},
    "weapons": {
        "vi": "súng, bom, cách chế tạo (được: đồ chơi, hiệp sĩ, lịch sử, tranh, bộ đội)",
        "en": "guns, bombs, how to make them (allowed: toys, knights, history, paintings, soldiers)",
    },
    "gore": {
        "vi": "máu me, tra tấn, tự hại (được: y khoa, hoá trang)",
        "en": "gore, torture, self-harm (allowed: medicine, costumes)",
    },
    "hate": {"vi": "thù ghét, ca ngợi phát xít", "en": "hate, praise of Nazism"},
}
TERMS: Said = {
    "vi": "📜 Điều khoản\n• Imagify bán credit; credit chỉ dùng để tạo ảnh ở đây, không đổi ra tiền mặt và không chuyển cho người "
    "khác. Credit đã mua không hết hạn.\n• Giá có trong /pricing và luôn hiện trước khi bạn trả. Chỉ trừ credit khi ảnh đã vẽ xong; "
    "ảnh không vẽ được thì hoàn credit.\n• Trả tiền nhầm, trả hai lần hay cần hoàn tiền: gõ /paysupport. Credit chưa dùng được "
    "xem xét hoàn tiền; credit tặng thì không.\n• Ảnh do AI tạo: có thể sai hoặc không như ý, và mang dấu “do AI tạo” – đừng xoá "
    "dấu đó để lừa người khác.\n• Không vẽ:\n{not_drawn}\nCố tình vi phạm thì tài khoản chat bị khoá.\n• Bạn chịu trách nhiệm về lời mô "
    "tả và cách dùng ảnh.\n• Dữ liệu: /privacy. Liên hệ: /paysupport.",
    "en": "📜 Terms\n• Imagify sells credits; they make pictures here, are not cash and cannot be passed on. What you bought never "
    "expires.\n• Prices stand in /pricing and are shown before you pay. Credits are used only once a picture is done; where it "
    "cannot be made they return.\n• Paid by mistake or twice, or want your money back: say /paysupport. Unused credits may be "
    "refunded, gifts are not.\n• Pictures are made by AI: they may be wrong or not what you meant, and carry a mark “made by AI” – "
    "do not remove it to deceive.\n• Not drawn:\n{not_drawn}\nWhoever keeps trying is banned.\n• What you ask for and do with a picture is "
    "your own responsibility.\n• Data: /privacy. Contact: /paysupport.",
}
LANGUAGE_SET: Said = {"vi": "Từ giờ mình nói tiếng Việt.", "en": "From now on I speak English."}
CHOOSE_LANGUAGE: Said = {"vi": "Chọn ngôn ngữ / Choose a language", "en": "Choose a language / Chọn ngôn ngữ"}
