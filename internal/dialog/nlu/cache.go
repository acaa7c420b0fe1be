package nlu

import "sync"

// maxCached bounds the texts whose answers are kept.
const maxCached = 1000

// cache keeps the answers to the latest texts.
type cache struct {
	mu      sync.Mutex
	answers map[string][]Hypothesis
	order   []string // a ring of the texts
	next    int
}

func newCache() *cache { return &cache{answers: map[string][]Hypothesis{}} }

func (c *cache) get(text string) ([]Hypothesis, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	answer, ok := c.answers[text]
	return answer, ok
}

func (c *cache) put(text string, answer []Hypothesis) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.answers[text]; !ok {
		if len(c.order) < maxCached {
			c.order = append(c.order, text)
		} else {
			delete(c.answers, c.order[c.next])
			c.order[c.next] = text
			c.next = (c.next + 1) % maxCached
		}
	}
	c.answers[text] = answer
}
