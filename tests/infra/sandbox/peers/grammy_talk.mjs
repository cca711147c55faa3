// A bot on grammY: node grammy_talk.mjs API_URL TOKEN PICTURE, with .peers/node_modules beside it. It ends when the
// person says /stop.
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), ".peers/"));
const { Bot, InlineKeyboard, InputFile } = require("grammy");

const [apiRoot, token, picture] = process.argv.slice(2);
const bot = new Bot(token, { client: { apiRoot } });

bot.command("start", (ctx) =>
  ctx.reply("*Chào* " + ctx.from.first_name, {
    parse_mode: "MarkdownV2",
    reply_parameters: { message_id: ctx.msg.message_id },
    reply_markup: new InlineKeyboard().text("Vẽ", "draw").url("Trang", "https://imagify.vn/"),
  }));

bot.callbackQuery("draw", async (ctx) => {
  await ctx.answerCallbackQuery({ text: "đang vẽ" });
  await ctx.editMessageText("đang vẽ 50%");
  const sent = await ctx.replyWithPhoto(new InputFile(picture), { caption: "xong" });
  const file = await ctx.api.getFile(sent.photo.at(-1).file_id);
  const answer = await fetch(`${apiRoot}/file/bot${token}/${file.file_path}`);
  await ctx.reply(`${(await answer.arrayBuffer()).byteLength} bytes`);
});

bot.command("stop", async (ctx) => {
  await ctx.reply("hết");
  await bot.stop();
});

await bot.start({ timeout: 5 });
