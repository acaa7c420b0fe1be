package blob

import (
	"fmt"
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/session"
)

// CheckName returns a file's name as it is kept. It is text for people: what
// could be read as a path, or shown as something else than it is, is refused.
func CheckName(name string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return "", session.Invalid("filename", "is missing")
	case !utf8.ValidString(name):
		return "", session.Invalid("filename", "is not UTF-8 text")
	case utf8.RuneCountInString(name) > session.MaxFileNameChars:
		return "", session.Invalid("filename", "longer than %d characters", session.MaxFileNameChars)
	case name == "." || name == "..":
		return "", session.Invalid("filename", "is a directory")
	case strings.ContainsAny(name, `/\`):
		return "", session.Invalid("filename", "must not hold a separator of paths")
	case strings.ContainsFunc(name, misleading):
		return "", session.Invalid("filename", "must not hold control or direction characters")
	}
	return name, nil
}

// misleading tells of characters that do not show, and so could hide how a
// name ends.
func misleading(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r == utf8.RuneError
}

// CheckType returns a media type in its plain form, without parameters.
func CheckType(text string) (string, error) {
	if text == "" {
		return "", session.Invalid("content_type", "is missing")
	}
	media, _, err := mime.ParseMediaType(text)
	kind, sub, ok := strings.Cut(media, "/")
	if err != nil || !ok || kind == "" || sub == "" || strings.Contains(media, "*") {
		return "", session.Invalid("content_type", "must be a media type, such as image/png")
	}
	if len(media) > session.MaxMediaTypeChars {
		return "", session.Invalid("content_type", "longer than %d characters", session.MaxMediaTypeChars)
	}
	if kind == "multipart" || kind == "message" {
		return "", session.Invalid("content_type", "the file itself is sent, not %s", media)
	}
	return media, nil
}

// Disposition is the header that makes browsers keep a file instead of
// showing it: RFC 6266, with the name in both forms of RFC 8187.
func Disposition(name string) string {
	var plain, full strings.Builder
	for _, r := range name {
		if r >= ' ' && r <= '~' && r != '"' && r != '\\' && r != '%' {
			plain.WriteRune(r)
		} else {
			plain.WriteByte('_')
		}
	}
	for _, b := range []byte(name) {
		if b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte("!#$&+-.^_`|~", b) >= 0 {
			full.WriteByte(b)
		} else {
			fmt.Fprintf(&full, "%%%02X", b)
		}
	}
	return `attachment; filename="` + plain.String() + `"; filename*=UTF-8''` + full.String()
}

// KindOf returns the type of an attachment (contract a.4) that a media type
// stands for.
func KindOf(media string) string {
	switch kind, _, _ := strings.Cut(media, "/"); kind {
	case "image", "audio", "video":
		return kind
	}
	return "file"
}
