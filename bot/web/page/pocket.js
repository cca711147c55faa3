// The browser's own memory for this page. It may be full, or locked by the person's settings: then it keeps nothing.

const PREFIX = "imagify.";

/** Says whether it is kept. */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
    return true;
  } catch (error) {
    return excused(error, false);
  }
}

export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch (error) {
    return excused(error, null);
  }
}

export function forget(name) {
  try {
    localStorage.removeItem(PREFIX + name);
  } catch (error) {
    excused(error);
  }
}

/** The names that begin like this. */
export function names(beginning) {
  try {
    const all = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX + beginning));
    return all.map((key) => key.slice(PREFIX.length));
  } catch (error) {
    return excused(error, []);
  }
}

function excused(error, instead) {
  if (error instanceof DOMException) return instead; // full, or forbidden
  throw error;
}
