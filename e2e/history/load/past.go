package load

import (
	"math/rand/v2"

	"parley/e2e/history"
)

// past are messages that were confirmed and may be repeated, the newest last.
type past struct{ list []sent }

type sent struct {
	session, verb, token string
	patch                map[string]any
	times                int
}

const remembered = 20

// remember keeps a confirmed message for a later repeat.
func (p *past) remember(c *history.Call, verb string, patch map[string]any) {
	if c.Outcome == history.Done {
		p.list = append(p.list, sent{c.Session, verb, c.Token, patch, c.Repeat + 1})
	}
	if len(p.list) > remembered {
		p.list = p.list[1:]
	}
}

// recall takes an old message to repeat it; false where there is none.
func (p *past) recall(rng *rand.Rand) (sent, bool) {
	if len(p.list) == 0 {
		return sent{}, false
	}
	i := rng.IntN(len(p.list))
	m := p.list[i]
	p.list = append(p.list[:i], p.list[i+1:]...)
	return m, true
}
