const schemes = new Set(["https:", "http:", "mailto:", "tel:"]);

/** The address where it may be followed from a message, or null: scripts, data and relative addresses are only text. */
export function safeLink(address: string): string | null {
  try {
    const url = new URL(address.trim());
    return schemes.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** The address where a picture, sound or film may be shown from: the web, or this very site. */
export function safeMedia(address: string): string | null {
  if (/^\/(?!\/)[^\\]*$/.test(address)) return address;
  const link = safeLink(address);
  return link !== null && /^https?:/.test(link) ? link : null;
}
