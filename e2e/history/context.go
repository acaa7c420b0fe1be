package history

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// patch is one merge that changed the context of a chain. Merges of a chain
// are numbered by the version they made: the first makes 2.
type patch struct {
	event   *Event
	version int64
}

// patches finds merges by the texts they wrote.
func (x *index) patches() map[string][]*patch {
	found := map[string][]*patch{}
	for _, list := range x.events {
		version := int64(1)
		for _, e := range list {
			if e.Kind != "session:context:updated" {
				continue
			}
			version++
			texts := map[string]bool{}
			collect(e.Body["patch"], texts)
			for text := range texts {
				found[text] = append(found[text], &patch{e, version})
			}
		}
	}
	return found
}

func collect(v any, texts map[string]bool) {
	switch v := v.(type) {
	case string:
		texts[v] = true
	case map[string]any:
		for _, inner := range v {
			collect(inner, texts)
		}
	}
}

// ours are the parts of a document that only the load writes: keys that begin
// with h_.
func ours(doc map[string]any) map[string]any {
	own := map[string]any{}
	for key, v := range doc {
		if strings.HasPrefix(key, "h_") {
			own[key] = v
		}
	}
	return own
}

// merged returns a document with a patch in it: objects merge, all else
// replaces. Nothing is changed in place.
func merged(doc, with map[string]any) map[string]any {
	next := maps.Clone(doc)
	if next == nil {
		next = map[string]any{}
	}
	for key, v := range with {
		if inner, ok := v.(map[string]any); ok {
			old, _ := next[key].(map[string]any)
			v = merged(old, inner)
		}
		next[key] = v
	}
	return next
}

// replay calls see with the document after every event of a chain.
func (x *index) replay(chain string, see func(e *Event, version int64, doc map[string]any)) {
	doc, version := map[string]any{}, int64(1)
	for _, e := range x.events[chain] {
		if e.Kind == "session:context:updated" {
			with, _ := e.Body["patch"].(map[string]any)
			doc, version = merged(doc, ours(with)), version+1
		}
		see(e, version, doc)
	}
}

// documents: the context is what its merges made, in the order of their
// events; the version counts them (7, 8).
func (x *index) documents(f *findings) {
	for _, c := range x.facts.Chains {
		last := map[string]map[string]any{}
		version := int64(1)
		x.replay(c.ID, func(e *Event, v int64, doc map[string]any) { last[e.Session], version = doc, v })
		if c.Version != version {
			f.add(8, "chain %s has version %d after %d changes", c.ID, c.Version, version-1)
		}
		for id, doc := range last {
			if s := x.sessions[id]; s != nil && !reflect.DeepEqual(ours(s.Document), doc) {
				f.add(7, "session %s: the context is %v, its merges make %v", id, ours(s.Document), doc)
			}
		}
	}
}

// scripted: an answered message that has the bot merge shows its merge, once;
// one whose turn took no effect shows none (7, 12).
func (x *index) scripted(f *findings) {
	made := x.patches()
	for _, m := range x.facts.Messages {
		if !m.User() || !strings.HasSuffix(m.Verb, "merge") {
			continue
		}
		want := 0
		if m.Outcome == "answered" {
			want = 1
		}
		if n := len(made[m.Token]); n != want {
			f.add(7, "the script's write of %s (%s) was merged %d times", m.Token, m.Outcome, n)
		}
	}
}

// confirmed: a confirmed write is in the context, once, under the version it
// was answered with; a refused one is not; every answer shows the document of
// its version (7, 17).
func (r *run) confirmed(f *findings) {
	for token, calls := range r.byToken {
		if !calls[0].Patch {
			continue
		}
		done, open := tally(calls)
		switch n := len(r.patches[token]); {
		case done > 0 && n != 1:
			f.add(7, "the confirmed write of %s was merged %d times", token, n)
		case done == 0 && open == 0 && n > 0:
			f.add(17, "the refused write of %s was merged", token)
		case n > 1:
			f.add(17, "the write of %s, sent once without an answer, was merged %d times", token, n)
		}
	}
	seen := r.answers()
	for chain, list := range seen {
		slices.SortFunc(list, func(a, b *Call) int { return cmp.Compare(a.Version, b.Version) })
		at := 0
		r.replay(chain, func(e *Event, version int64, doc map[string]any) {
			for ; at < len(list) && list[at].Version <= version; at++ {
				c := list[at]
				if c.Version == version && c.Document != nil && !reflect.DeepEqual(ours(c.Document), doc) {
					f.add(7, "%s %s was answered with %v as version %d, which is %v", c.Kind, c.Token, ours(c.Document), version, doc)
				}
				if made := r.patches[c.Token]; c.Kind == Merge && len(made) == 1 && made[0].version != c.Version {
					f.add(8, "the write of %s made version %d and was answered with %d", c.Token, made[0].version, c.Version)
				}
			}
		})
		for ; at < len(list); at++ {
			f.add(8, "%s %s was answered with version %d of chain %s, which there never was", list[at].Kind, list[at].Token, list[at].Version, chain)
		}
		realTime(f, chain, list)
	}
}

// answers are the calls of each chain that were answered with a version.
func (r *run) answers() map[string][]*Call {
	seen := map[string][]*Call{}
	for _, c := range r.Calls {
		if c.Outcome == Done && c.Version > 0 && c.Repeat == 0 {
			chain := r.chainOf(c.Acting)
			seen[chain] = append(seen[chain], c)
		}
	}
	return seen
}

// realTime: a call never sees an older version than one answered before it was
// sent, and a write never makes one (7, 8).
func realTime(f *findings, chain string, list []*Call) {
	bySent := slices.SortedFunc(slices.Values(list), func(a, b *Call) int { return cmp.Compare(a.Sent, b.Sent) })
	byAnswer := slices.SortedFunc(slices.Values(list), func(a, b *Call) int { return cmp.Compare(a.Answered, b.Answered) })
	newest, at := int64(0), 0
	for _, c := range bySent {
		for ; at < len(byAnswer) && byAnswer[at].Answered < c.Sent; at++ {
			newest = max(newest, byAnswer[at].Version)
		}
		if c.Version < newest || c.Version == newest && c.Kind == Merge {
			f.add(8, "chain %s: %s %s was answered with version %d after %d had been seen", chain, c.Kind, c.Token, c.Version, newest)
		}
	}
}

// preconditions: of all writers with the same precondition one passes, and it
// makes the next version (8).
func (r *run) preconditions(f *findings) {
	type condition struct {
		chain   string
		version int64
	}
	passed := map[condition]string{}
	for token, calls := range r.byToken {
		c := calls[0]
		if c.IfVersion == 0 {
			continue
		}
		for _, p := range r.patches[token] {
			key := condition{p.event.Chain, c.IfVersion}
			if other, taken := passed[key]; taken {
				f.add(8, "both %s and %s passed with If-Match %d", token, other, c.IfVersion)
			}
			if p.version != c.IfVersion+1 {
				f.add(8, "%s passed with If-Match %d and made version %d", token, c.IfVersion, p.version)
			}
			passed[key] = token
		}
	}
}
