package history

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// counters: $client and $session show the write of every committed turn (6). A
// turn commits its counters with its answer, so this holds at every moment.
func (x *index) counters(f *findings) {
	perClient := map[string][]int64{}
	for chain, list := range x.events {
		lastC := int64(0)
		lastS := map[string]Reply{}
		for _, e := range list {
			m := x.messages[e.Message]
			if m == nil || !m.Bot() {
				continue
			}
			for _, r := range m.Replies {
				if r.C == 0 {
					continue
				}
				perClient[m.Client] = append(perClient[m.Client], r.C)
				if r.C <= lastC {
					f.add(6, "chain %s: event %d shows $client.n %d after %d", chain, e.Sequence, r.C, lastC)
				}
				if r.S != lastS[e.Session].S+1 {
					f.add(6, "session %s: event %d shows $session.n %d after %d", e.Session, e.Sequence, r.S, lastS[e.Session].S)
				}
				lastC, lastS[e.Session] = r.C, r
			}
		}
		for id, r := range lastS { // stopSession leaves $session of the ended session as it was
			if s := x.sessions[id]; s != nil && s.N != r.S && !strings.HasSuffix(r.Verb, "stop") {
				f.add(6, "session %s has $session.n %d, its last turn wrote %d", id, s.N, r.S)
			}
		}
	}
	for _, c := range x.facts.Clients {
		list := perClient[c.ID]
		slices.Sort(list)
		for i, n := range list {
			if n != int64(i)+1 {
				f.add(6, "client %s: $client.n %d stands where %d was expected", c.ID, n, i+1)
				break
			}
		}
		if c.N != int64(len(list)) {
			f.add(6, "client %s has $client.n %d after %d turns", c.ID, c.N, len(list))
		}
	}
}

// overlaps: committed bot turns of one client never overlap (5).
func (r *run) overlaps(f *findings) {
	byClient := map[string][]Turn{}
	for _, t := range r.Turns {
		if t.Err == "" {
			byClient[t.Client] = append(byClient[t.Client], t)
		}
	}
	for client, list := range byClient {
		slices.SortFunc(list, func(a, b Turn) int { return cmp.Compare(a.Load, b.Load) })
		for i := 1; i < len(list); i++ {
			if list[i].Load+r.SkewMs*1e6 < list[i-1].Commit {
				f.add(5, "client %s: the turns of %s and %s overlap", client, list[i-1].Cause, list[i].Cause)
			}
		}
	}
	fences(f, byClient, r.SkewMs*1e6)
	causes := map[string]bool{}
	for _, t := range r.Turns {
		if t.Err == "" && causes[t.Cause] {
			f.add(1, "%s was consumed by two turns", t.Cause)
		}
		causes[t.Cause] = causes[t.Cause] || t.Err == ""
	}
}

// fences: a lease is one node's, and nothing is committed under one after
// something was under a later one (5). Times of two nodes are compared with skew,
// in nanoseconds, to spare.
func fences(f *findings, byClient map[string][]Turn, skew int64) {
	for client, list := range byClient {
		list = slices.SortedFunc(slices.Values(list), func(a, b Turn) int { return cmp.Compare(a.Commit, b.Commit) })
		holders, highest := map[int64]string{}, Turn{}
		for _, t := range list {
			if holder, known := holders[t.Fence]; known && holder != t.Node {
				f.add(5, "client %s: nodes %s and %s both ran turns under fence %d", client, holder, t.Node, t.Fence)
			}
			holders[t.Fence] = t.Node
			if t.Fence < highest.Fence && highest.Commit+skew < t.Commit {
				f.add(5, "client %s: the turn of %s under fence %d came %v after fence %d", client, t.Cause, t.Fence,
					time.Duration(t.Commit-highest.Commit), highest.Fence)
			}
			if t.Fence > highest.Fence {
				highest = t
			}
		}
	}
}

// messageOf returns the message whose turn was committed; false for a timer's and
// for one that failed.
func messageOf(t Turn) (id string, ok bool) {
	id, ok = strings.CutPrefix(t.Cause, "message ")
	return id, ok && t.Err == ""
}
