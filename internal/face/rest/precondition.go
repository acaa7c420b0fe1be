package rest

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"parley/internal/session"
)

// precondition is a parsed If-Match header.
type precondition struct {
	any  bool // *: the session exists
	tags []session.IfMatch
}

// ifMatch reads If-Match: *, or a list of ETags as this face gives them. A weak
// one never matches (RFC 9110, 13.1.1), so it is refused with the malformed
// ones instead of failing for ever.
func ifMatch(h http.Header) (precondition, error) {
	values := h["If-Match"]
	if len(values) == 0 {
		return precondition{}, nil
	}
	list := strings.Split(strings.Join(values, ","), ",")
	if len(list) == 1 && strings.TrimSpace(list[0]) == "*" {
		return precondition{any: true}, nil
	}
	var p precondition
	for _, text := range list {
		text = strings.Trim(text, " \t")
		if text == "" {
			continue // RFC 9110, 5.6.1: empty elements are ignored
		}
		tag, ok := parseTag(text)
		if !ok {
			return p, session.Invalid("If-Match", `must be * or ETags of this API ("<session_id>:<version>"), not weak ones`)
		}
		p.tags = append(p.tags, tag)
	}
	if len(p.tags) == 0 {
		return p, session.Invalid("If-Match", "names no ETag")
	}
	return p, nil
}

func parseTag(text string) (session.IfMatch, bool) {
	inner, opened := strings.CutPrefix(text, `"`)
	inner, closed := strings.CutSuffix(inner, `"`)
	name, number, found := strings.Cut(inner, ":")
	id, err := session.ParseID(name)
	version, err2 := strconv.ParseInt(number, 10, 64)
	ok := opened && closed && found && err == nil && err2 == nil && version > 0 && strconv.FormatInt(version, 10) == number
	return session.IfMatch{Session: id, Version: version}, ok
}

// try runs an update under the precondition. The core decides one version in
// the transaction that writes; of a list, the one that it says is current is
// tried next, each at most once.
func (p precondition) try(update *session.Update, run func() (*session.Result, error)) (*session.Result, error) {
	update.Exists = p.any
	if len(p.tags) == 0 {
		return run()
	}
	left := slices.Clone(p.tags)
	for i := 0; ; {
		update.IfMatch = &left[i]
		out, err := run()
		e, isRefusal := errors.AsType[*session.Error](err)
		if !isRefusal || e.Code != session.CodeVersionConflict {
			return out, err
		}
		left = slices.Delete(slices.Clone(left), i, i+1)
		if i = slices.IndexFunc(left, func(t session.IfMatch) bool { return t.Version == e.Version }); i < 0 {
			return out, err
		}
	}
}
