// A picture on its way to the house: too large for a frame of the socket, so it is posted, its words on the first line.

import { language, say } from "./words.js";

const LONGEST = 320_000; // ms until a picture that is still on its way is begun anew
const TOO_LARGE = 413;

/** The answer as a frame; null where it has to be sent again. */
export async function post({ id, text, data }) {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const body = new Blob([JSON.stringify({ do: "upload", id, text, language: language() }), "\n", bytes]);
  const headers = { "Content-Type": "application/octet-stream" };
  try {
    const signal = AbortSignal.timeout(LONGEST);
    const answer = await fetch("/live/picture", { method: "POST", body, headers, signal });
    if (answer.status === TOO_LARGE) return { kind: "refused", id, text: say("heavy") };
    return answer.ok ? await answer.json() : null;
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return null; // nobody there, or too slow
    throw error;
  }
}
