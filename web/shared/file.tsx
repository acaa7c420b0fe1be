import { safeMedia } from "./link.ts";

/** A file of a message: what the client or an agent attached, or a bot sent (moveo a.11, e). */
export interface Attachment {
  type?: string; // media type, or image | audio | video | file
  name?: string;
  url: string;
  size?: number; // bytes
}

export function sizeText(bytes: number, language: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  let at = 0;
  for (; bytes >= 1000 && at < units.length - 1; at++) bytes /= 1000;
  return new Intl.NumberFormat(language, { style: "unit", unit: units[at], unitDisplay: at === 0 ? "long" : "short", maximumFractionDigits: at > 1 ? 1 : 0 }).format(bytes);
}

function kindOf(file: Attachment): string {
  return file.type?.split("/")[0] ?? "file";
}

/** Pauses before a picture is loaded again whose line broke, milliseconds. */
const pauses = [1_000, 3_000, 9_000, 27_000];

function loadAgain(picture: HTMLImageElement): void {
  const tries = Number(picture.dataset.tries ?? 0);
  if (tries >= pauses.length) return;
  picture.dataset.tries = `${tries + 1}`;
  setTimeout(() => (picture.src = picture.src), pauses[tries]);
}

/** Pictures are shown, sound and films get the browser's player, everything else is a link to download. */
export function File({ file, language }: { file: Attachment; language: string }) {
  const url = safeMedia(file.url);
  const name = file.name || (url ?? "").split("/").pop() || "file";
  if (url === null) return <span className="file">{name}</span>;
  const kind = kindOf(file);
  if (kind === "image") {
    return (
      <a className="picture" href={url} target="_blank" rel="noopener noreferrer nofollow">
        <img src={url} alt={name} loading="lazy" decoding="async" onError={(event) => loadAgain(event.currentTarget)} />
      </a>
    );
  }
  if (kind === "audio") return <audio className="sound" controls preload="none" src={url} aria-label={name} />;
  if (kind === "video") return <video className="film" controls preload="none" src={url} aria-label={name} />;
  return (
    <a className="file" href={url} target="_blank" rel="noopener noreferrer nofollow" download={name}>
      <span className="file-name">{name}</span>
      {file.size ? <span className="file-size"> {sizeText(file.size, language)}</span> : null}
    </a>
  );
}
