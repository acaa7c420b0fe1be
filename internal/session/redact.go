package session

import (
	"cmp"
	"slices"
	"strings"
)

// Stars replaces every masked value: contract (d).
const Stars = "***"

// Face says whose view of a document a caller has.
type Face struct {
	Masked bool // its answers are masked, so an incoming *** is ignored
	Client bool // an untrusted client: some fields are not settable
}

// DefaultMasked returns the paths that come back as *** on sockets unless the
// integration says otherwise: contract (d). E-mail and display name are not
// among them.
func DefaultMasked() []string {
	return []string{
		"user.phone", "user.address", "user.ip", "user.external_id", "user.contact_id",
		"user.custom_psid", "user.location.latitude", "user.location.longitude",
	}
}

// mask is a tree of the masked paths; a leaf has no branches.
type mask map[string]mask

func newMask(dotted []string) mask {
	root := mask{}
	longest := slices.SortedFunc(slices.Values(dotted), func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, path := range longest { // a masked object hides what is masked in it
		at := root
		for key := range strings.SplitSeq(path, ".") {
			if at[key] == nil {
				at[key] = mask{}
			}
			at = at[key]
		}
		clear(at)
	}
	return root
}

// Redact returns the document as an untrusted client may see it: masked values
// are replaced; absent, null and empty ones stay as they are. The document
// itself is not changed.
func (s *Settings) Redact(doc Document) Document {
	m := s.mask
	if m == nil {
		m = newMask(s.Masked)
	}
	return m.redact(doc)
}

func (m mask) redact(old map[string]any) map[string]any {
	var next map[string]any
	for key, under := range m {
		v, ok := old[key]
		if !ok || v == nil || v == "" {
			continue
		}
		if len(under) == 0 {
			next = own(next, old)
			next[key] = Stars
		} else if inner, isObject := v.(map[string]any); isObject {
			next = own(next, old)
			next[key] = under.redact(inner)
		}
	}
	next, _ = settle(next, old)
	return next
}

// clientMayNotSet lists the paths a socket client cannot write: contract (d).
// A trailing dot means the whole subtree.
func clientMayNotSet() []string {
	return []string{"user.user_id", "user.contact_id", "user.ip", "user.custom_psid", "channels", "live_instructions"}
}

// filter drops from the patch what the face may not write and names it. It
// refuses a patch that would replace an object holding masked leaves.
func filter(doc Document, u *Update, set *Settings) (Document, []string, error) {
	patch, ignored := u.Patch, []string(nil)
	drop := func(path ...string) {
		patch = patch.without(path)
		ignored = append(ignored, strings.Join(path, "."))
	}
	for key := range u.Patch {
		if strings.HasPrefix(key, "sys-") {
			drop(key)
		}
	}
	if u.Face.Client {
		for _, dotted := range clientMayNotSet() {
			if path := strings.Split(dotted, "."); has(patch, path) {
				drop(path...)
			}
		}
	}
	if u.Face.Masked {
		for _, dotted := range set.Masked {
			path := strings.Split(dotted, ".")
			if v, ok := patch.At(path...); ok && v == Stars {
				drop(path...)
			}
			if err := guardMasked(doc, patch, path); err != nil {
				return nil, nil, err
			}
		}
	}
	slices.Sort(ignored)
	return patch, ignored, nil
}

func has(d Document, path []string) bool {
	_, ok := d.At(path...)
	return ok
}

// guardMasked refuses to replace an object above a masked leaf that is there.
func guardMasked(doc, patch Document, path []string) error {
	if v, ok := doc.At(path...); !ok || v == nil {
		return nil
	}
	for n := 1; n < len(path); n++ {
		v, ok := patch.At(path[:n]...)
		if _, isObject := v.(map[string]any); ok && !isObject {
			return Invalid("context."+strings.Join(path[:n], "."), "holds fields you cannot see and may only be merged into")
		}
	}
	return nil
}

// without returns a copy of the document with one path removed.
func (d Document) without(path []string) Document {
	c := own(nil, d)
	if len(path) == 1 {
		delete(c, path[0])
		return c
	}
	inner, ok := c[path[0]].(map[string]any)
	if ok {
		c[path[0]] = map[string]any(Document(inner).without(path[1:]))
	}
	return c
}
