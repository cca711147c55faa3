"""What admins are told about the house's own stores: what is damaged there, and what is to be done."""

from bot.texts import Said

STORES: dict[str, Said] = {
    "table": {"vi": "bảng dữ liệu", "en": "the table"},
    "blobs": {"vi": "kho ảnh", "en": "the store of pictures"},
}
ALARMS: dict[str, Said] = {
    "damaged picture": {
        "vi": "🩹 Trong kho ảnh, {job} không còn đúng như lúc lưu (đĩa hỏng hoặc có ai sửa), nên mình không đưa cho ai xem. Số ảnh vừa "
        "thấy hỏng: {used}. Ảnh chưa gửi được thì credit tự trả lại. Xem hết: imagify audit. Có bản sao lưu thì chép "
        "file đó về.",
        "en": "🩹 {job} in the store of pictures is not what was kept (a failing disk, or somebody's hand), so it is shown to nobody. "
        "Pictures just found damaged: {used}. Credits of one that could no longer be sent go back by themselves. See them all: imagify audit. "
        "Where there is a backup, copy that file back.",
    },
    "writes fail": {
        "vi": "💾 Từ {since}, {store} không ghi được gì trong hơn một phút: tin nhắn và đơn lúc đó không nhận được. Chưa mất gì đã xác nhận. "
        "Xem chỗ trống và quyền của thư mục: imagify doctor",
        "en": "💾 Since {since} {store} has taken no write for more than a minute: no word and no order was taken meanwhile. Nothing that "
        "was acknowledged is lost. Look at the room and the rights of the folder: imagify doctor",
    },
    "disk nearly full": {
        "vi": "💾 Đĩa chỉ còn {used} MiB. Hết chỗ thì không nhận được tin nhắn hay đơn nào. Dọn bớt, rồi xem: imagify doctor",
        "en": "💾 The disk has {used} MiB left. Once it is full no word and no order is taken. Make room, then look: imagify doctor",
    },
}
