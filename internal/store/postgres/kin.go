package postgres

import (
	"bytes"
	"slices"
	"sync"

	"parley/internal/session"
)

// kinSize is how many sessions each of the two generations remembers.
const kinSize = 32 << 10

// kin remembers the clients of sessions, which never change, so that changes of one
// client meet in one transaction whatever they name it by. It is a help: who is not in
// it is found by the locks.
type kin struct {
	mu         sync.Mutex
	young, old map[session.ID]session.ID
}

// client returns the client of a session that is known, and the id itself otherwise.
func (k *kin) client(id session.ID) session.ID {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c, ok := k.young[id]; ok {
		return c
	}
	if c, ok := k.old[id]; ok {
		return c
	}
	return id
}

// clients are the clients of what a transaction acts on, as far as they are known, and
// the rest as it is.
func (k *kin) clients(ids []session.ID) []session.ID {
	list := make([]session.ID, len(ids))
	for i, id := range ids {
		list[i] = k.client(id)
	}
	slices.SortFunc(list, func(a, b session.ID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(list)
}

func (k *kin) learn(sessions []*session.Session) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, s := range sessions {
		if k.young == nil || len(k.young) >= kinSize {
			k.old, k.young = k.young, map[session.ID]session.ID{}
		}
		k.young[s.ID] = s.Client
	}
}
