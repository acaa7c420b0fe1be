package blob

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"parley/internal/session"
)

// sniffed is how much of a file is looked at.
const sniffed = 1024

// checkContent refuses content that is dangerous as what it calls itself:
// active content (HTML, SVG, scripts, programs) under the name of a picture,
// sound, film or document, and pictures that are something else. Everything
// is served as an attachment in any case; this keeps out what was sent to
// deceive.
func checkContent(media string, head []byte) error {
	kind, _, _ := strings.Cut(media, "/")
	is := http.DetectContentType(head)
	is, _, _ = strings.Cut(is, ";")
	wrong := func(what string) error {
		return session.Invalid("content_type", "is %s, but the content is %s", media, what)
	}
	if what := program(head); what != "" && (kind == "image" || kind == "audio" || kind == "video" || kind == "text" || media == "application/pdf") {
		return wrong(what)
	}
	switch {
	case media == "image/svg+xml":
		if is == "text/html" || !bytes.Contains(bytes.ToLower(head), []byte("<svg")) {
			return wrong(is)
		}
	case kind == "image" || kind == "audio" || kind == "video":
		if what := markup(head, is); what != "" {
			return wrong(what)
		}
		if slices.Contains(plainImages(), media) && is != media {
			return wrong(is)
		}
		if other, _, _ := strings.Cut(is, "/"); kind == "image" && (other == "audio" || other == "video" || is == "application/pdf") {
			return wrong(is)
		}
	case media == "application/pdf":
		if !bytes.HasPrefix(head, []byte("%PDF-")) {
			return wrong(is)
		}
	}
	return nil
}

// plainImages are the pictures that are known by their first bytes.
func plainImages() []string {
	return []string{"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"}
}

// markup names active text, "" when the content is none.
func markup(head []byte, is string) string {
	text := bytes.ToLower(bytes.TrimLeft(head, "\xef\xbb\xbf \t\r\n"))
	for _, sign := range []string{"<svg", "<html", "<!doctype", "<script", "<?xml", "<body", "<iframe"} {
		if bytes.HasPrefix(text, []byte(sign)) || !binary(head) && bytes.Contains(text, []byte(sign)) {
			return "markup"
		}
	}
	if is == "text/html" || is == "text/xml" || is == "text/plain" {
		return is
	}
	return ""
}

func binary(head []byte) bool { return bytes.IndexByte(head, 0) >= 0 }

// program names a program by its first bytes, "" when it is none.
func program(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("MZ")) && binary(head):
		return "a Windows program"
	case bytes.HasPrefix(head, []byte("\x7fELF")):
		return "a program"
	case bytes.HasPrefix(head, []byte("#!/")):
		return "a script"
	}
	return ""
}
