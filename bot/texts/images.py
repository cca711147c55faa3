"""What is said about an image on its way."""

from bot.texts import Said

QUEUED: Said = {
    "vi": "⏳ Đã nhận yêu cầu. Bạn đang ở vị trí {place}, chờ khoảng {wait}. Giữ {price} credit.",
    "en": "⏳ Got it. You are number {place}, about {wait} to go. {price} credits held.",
}
PAINTING: Said = {"vi": "🎨 Đang vẽ… {bar} {share}% · còn ~{wait}", "en": "🎨 Painting… {bar} {share}% · ~{wait} left"}
SLOW: Said = {
    "vi": "🐢 Lâu hơn thường lệ một chút. Nếu quá {minutes} phút, mình tự huỷ và hoàn credit cho bạn.",
    "en": "🐢 A little slower than usual. After {minutes} minutes it is cancelled and your credits return.",
}
STILL_QUEUED: Said = {
    "vi": "⏳ Bạn đang ở vị trí {place}, chờ khoảng {wait}. Giữ {price} credit.",
    "en": "⏳ You are number {place}, about {wait} to go. {price} credits held.",
}
BELL: Said = {"vi": "🔔 Xong rồi, mời bạn xem ở trên ☝️", "en": "🔔 Done, have a look above ☝️"}
CANCEL: Said = {"vi": "Huỷ", "en": "Cancel"}
ALREADY: Said = {"vi": "Mình đã nhận yêu cầu này rồi.", "en": "This was ordered already."}
GO: Said = {
    "vi": "🎨 Vẽ · {price} credit (còn {after})",
    "en": "🎨 Paint · {price} credits ({after} left)",
}
GO_IN_GROUP: Said = {"vi": "🎨 Vẽ · {price} credit", "en": "🎨 Paint · {price} credits"}
CONFIRM: Said = {
    "vi": "“{words}”\nMô hình {model}, {count} ảnh. Chờ khoảng {wait}.",
    "en": "“{words}”\nModel {model}, {count} pictures. About {wait}.",
}
READY: Said = {
    "vi": "✅ Xong trong {took} · đã dùng {price} · còn {free} credit · Ảnh do AI tạo\n“{words}” · {model} · seed {seed}",
    "en": "✅ Done in {took} · {price} used · {free} credits left · Image made by AI\n“{words}” · {model} · seed {seed}",
}
READY_IN_GROUP: Said = {
    "vi": "✅ Xong trong {took} · Ảnh do AI tạo\n“{words}” · {model} · seed {seed}",
    "en": "✅ Done in {took} · Image made by AI\n“{words}” · {model} · seed {seed}",
}
USED: Said = {"vi": "📝 Lời đã dùng: {used}", "en": "📝 Words used: {used}"}
UNREAD_WORDS: Said = {
    "vi": "🔤 Người vẽ bỏ túi chưa biết vẽ: {words}",
    "en": "🔤 The pocket painter does not know: {words}",
}
UNREAD: Said = {
    "vi": "🔤 Người vẽ bỏ túi chưa biết từ nào trong mô tả ({detail}), nên không vẽ đại. Đã hoàn {price} credit. Bạn thử tả bằng vật quen "
    "thuộc: mèo, hoa sen, con thuyền, núi, biển, phố cổ…",
    "en": "🔤 The pocket painter knows no word of it ({detail}), so it painted nothing. {price} credits returned. Try familiar things: "
    "a cat, a lotus, a boat, mountains, the sea, an old town…",
}
STOOD_IN: Said = {
    "vi": "🔁 {painter} vẽ thay vì {model} đang bận; bạn không trả thêm gì.",
    "en": "🔁 Painted by {painter}, as {model} was busy; it costs you nothing more.",
}
HAD_ALREADY: Said = {
    "vi": "♻️ Bạn đã có đúng ảnh này (cùng lời, cùng seed): mình gửi lại, không trừ credit.",
    "en": "♻️ You have this very picture already (same words, same seed): here it is again, no credits were used.",
}
LOW: Said = {"vi": "💡 Sắp hết credit rồi.", "en": "💡 You are nearly out of credits."}
SHEET_READY: Said = {
    "vi": "✅ {count} ảnh · đã dùng {price} · còn {free} credit · Ảnh do AI tạo\n“{words}”\nU: chọn ảnh đó. V: vẽ 4 ảnh "
    "khác từ ảnh đó.",
    "en": "✅ {count} pictures · {price} used · {free} credits left · Images made by AI\n“{words}”\nU: take that one. V: "
    "four more from that one.",
}
SHEET_IN_GROUP: Said = {
    "vi": "✅ {count} ảnh · Ảnh do AI tạo\n“{words}”\nU: chọn ảnh đó. V: vẽ 4 ảnh khác từ ảnh đó.",
    "en": "✅ {count} pictures · Images made by AI\n“{words}”\nU: take that one. V: four more from that one.",
}
SHEET_PART: Said = {"vi": "🎨 Đã xong {done}/{count} ảnh…", "en": "🎨 {done} of {count} pictures done…"}
SHEET_LOST: Said = {
    "vi": "{lost} ảnh không vẽ được, đã hoàn {price} credit.",
    "en": "{lost} could not be made, {price} credits returned.",
}
ALT: Said = {"vi": "Ảnh do AI tạo: {words}", "en": "Image made by AI: {words}"}
SEND_AGAIN: Said = {
    "vi": "📨 Ảnh của bạn đã vẽ xong nhưng mình không chắc đã gửi tới nơi. Bấm Gửi lại để nhận, không mất credit.",
    "en": "📨 Your picture is done, but we cannot tell whether it reached you. Press Send again, it costs nothing.",
}
AGAIN_BUTTON: Said = {"vi": "Gửi lại", "en": "Send again"}
FAILED: Said = {
    "vi": "😔 Rất tiếc, lần này không tạo được ảnh. Đã hoàn {price} credit, số dư {free}. Mã hỗ trợ: {code}",
    "en": "😔 Sorry, this picture could not be made. {price} credits returned, balance {free}. Support code: {code}",
}
WORDLESS: Said = {
    "vi": "😔 Người vẽ chỉ đọc tiếng Anh, mà lúc này mình chưa dịch được mô tả của bạn. Đã hoàn {price} credit. Bạn thử lại sau ít "
    "phút, hoặc viết mô tả bằng tiếng Anh nhé.",
    "en": "😔 The painter reads English only, and your words could not be translated just now. {price} credits returned. Try "
    "again in a few minutes, or write in English.",
}
UNTRANSLATED: Said = {
    "vi": "😔 Người vẽ chỉ đọc tiếng Anh, mà mình không dịch được mô tả này cho chắc. Đã hoàn {price} credit. Bạn viết lại cho đơn "
    "giản hơn hoặc bằng tiếng Anh; hoặc để vẽ đúng lời bạn gõ (bỏ dấu), có thể không đúng ý.",
    "en": "😔 The painter reads English only, and no translation of these words could be trusted. {price} credits returned. Put it "
    "more simply or in English; or have your words painted as typed, without accents, which may miss your meaning.",
}
TYPED: Said = {"vi": "✍️ Vẽ đúng lời tôi · {price}", "en": "✍️ My own words · {price}"}
NOT_AS_TYPED: Said = {
    "vi": "Người vẽ chỉ đọc chữ Latinh nên không vẽ được đúng lời này. Bạn viết lại bằng tiếng Việt hoặc tiếng Anh giúp mình nhé.",
    "en": "The painter reads Latin letters only and cannot take these words as they are. Please write them in English.",
}
FAILED_IN_GROUP: Said = {
    "vi": "😔 Rất tiếc, lần này không tạo được ảnh. Đã hoàn {price} credit. Mã hỗ trợ: {code}",
    "en": "😔 Sorry, this picture could not be made. {price} credits returned. Support code: {code}",
}
JUDGED: Said = {
    "vi": "🚫 Ảnh tạo ra chưa phù hợp quy định nội dung. Đã hoàn {price} credit. Bạn sửa lại mô tả giúp mình nhé.",
    "en": "🚫 The picture would break our content rules. {price} credits returned. Please change the words.",
}
RETRY: Said = {"vi": "🔁 Thử lại", "en": "🔁 Try again"}
CANCELLED: Said = {"vi": "❌ Đã huỷ. Đã hoàn {price} credit.", "en": "❌ Cancelled. {price} credits returned."}
GIVEN_BACK: Said = {
    "vi": "↩️ Ảnh không tới được bạn nên mình đã thu lại ảnh và hoàn {price} credit.",
    "en": "↩️ The picture could not reach you, so it was withdrawn and {price} credits are back with you.",
}
NOTHING_OPEN: Said = {"vi": "Bạn không có ảnh nào đang chờ.", "en": "You have no pictures waiting."}
QUEUE_LINE: Said = {"vi": "• vị trí {place}: “{words}”", "en": "• number {place}: “{words}”"}
PAINTING_LINE: Said = {"vi": "• đang vẽ: “{words}”", "en": "• painting: “{words}”"}
QUEUE: Said = {"vi": "⏳ Đang chờ:\n{list}", "en": "⏳ Waiting:\n{list}"}
GALLERY: Said = {
    "vi": "🖼️ Ảnh của bạn ({count} ảnh). Tìm theo lời: /gallery mèo",
    "en": "🖼️ Your pictures ({count}). Search their words: /gallery cat",
}
FOUND: Said = {"vi": "🔎 Ảnh có “{search}” ({count} ảnh)", "en": "🔎 Pictures with “{search}” ({count})"}
FAVOURITES: Said = {"vi": "⭐ Ảnh yêu thích ({count} ảnh)", "en": "⭐ Your favourites ({count})"}
NOT_FOUND: Said = {
    "vi": "🔎 Không còn ảnh nào có “{search}”. Bạn thử một từ khác nhé, có dấu hay không dấu đều được.",
    "en": "🔎 No more pictures with “{search}”. Try another word, with or without accents.",
}
NO_FAVOURITES: Said = {
    "vi": "⭐ Không còn ảnh yêu thích nào. Bấm ⭐ Yêu thích dưới một ảnh để giữ nó ở đây.",
    "en": "⭐ No more favourites. Press ⭐ Favourite under a picture to keep it here.",
}
OLDER: Said = {"vi": "➡️ Ảnh cũ hơn", "en": "➡️ Older"}
NEWEST: Said = {"vi": "⏮️ Mới nhất", "en": "⏮️ Newest"}
ONLY_FAVOURITES: Said = {"vi": "⭐ Ảnh yêu thích", "en": "⭐ Favourites"}
ALL: Said = {"vi": "🖼️ Tất cả", "en": "🖼️ All"}
GALLERY_USAGE: Said = {
    "vi": "/gallery, /gallery yêu thích hoặc /gallery từ cần tìm",
    "en": "/gallery, /gallery favourites or /gallery words",
}
GALLERY_EMPTY: Said = {
    "vi": "Chưa có ảnh nào. Gõ mô tả để vẽ tấm đầu tiên nhé.",
    "en": "No pictures yet. Type what you want to see.",
}
SHOWN: Said = {
    "vi": "🖼️ “{words}” · {model} · seed {seed} · Ảnh do AI tạo",
    "en": "🖼️ “{words}” · {model} · seed {seed} · Image made by AI",
}
RECIPE: Said = {
    "vi": "📋 Công thức\nMô tả: {words}\nCâu lệnh: {spelled}\nMô hình: {model}\nSeed: {seed}\nKích thước: {size}\nMã ảnh: {id}",
    "en": "📋 Recipe\nWords: {words}\nPrompt: {spelled}\nModel: {model}\nSeed: {seed}\nSize: {size}\nImage: {id}",
}
MADE_FROM: Said = {"vi": "Vẽ từ ảnh: {source}", "en": "Made from: {source}"}
STARRED: Said = {"vi": "⭐ Đã thêm vào yêu thích.", "en": "⭐ Added to your favourites."}
UNSTARRED: Said = {"vi": "Đã bỏ khỏi yêu thích.", "en": "Removed from your favourites."}
SURE_DELETE: Said = {
    "vi": "Xoá ảnh này? Không lấy lại được và không hoàn credit.",
    "en": "Delete this picture? It cannot be brought back, and no credits return.",
}
DELETED: Said = {"vi": "🗑️ Đã xoá ảnh.", "en": "🗑️ The picture is deleted."}
BUTTONS: dict[str, Said] = {
    "again": {"vi": "🔄 Vẽ lại · {price}", "en": "🔄 Again · {price}"},
    "four": {"vi": "🎲 4 biến thể · {price}", "en": "🎲 4 variations · {price}"},
    "plain": {"vi": "✍️ Đúng lời · {price}", "en": "✍️ My words · {price}"},
    "edit": {"vi": "✏️ Sửa mô tả", "en": "✏️ Edit prompt"},
    "original": {"vi": "📎 Ảnh gốc", "en": "📎 Original"},
    "recipe": {"vi": "📋 Công thức", "en": "📋 Recipe"},
    "star": {"vi": "⭐ Yêu thích", "en": "⭐ Favourite"},
    "unstar": {"vi": "★ Bỏ yêu thích", "en": "★ Unfavourite"},
    "delete": {"vi": "🗑️ Xoá", "en": "🗑️ Delete"},
    "delete_yes": {"vi": "Xoá hẳn", "en": "Delete it"},
}
USAGE: Said = {"vi": "/imagine mô tả của bạn", "en": "/imagine what you want to see"}
SHOW_USAGE: Said = {"vi": "/show MÃ_ẢNH", "en": "/show IMAGE"}
DOES: dict[str, Said] = {
    "imagine": {"vi": "vẽ một bức ảnh", "en": "paint a picture"},
    "queue": {"vi": "ảnh đang chờ", "en": "pictures on their way"},
    "cancel": {"vi": "huỷ ảnh đang chờ", "en": "cancel what is waiting"},
    "show": {"vi": "xem lại một ảnh", "en": "show one picture"},
    "gallery": {"vi": "ảnh của bạn", "en": "your pictures"},
    "favourites": {"vi": "ảnh yêu thích", "en": "your favourites"},
}
