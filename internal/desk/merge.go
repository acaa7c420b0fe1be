package desk

import (
	"context"

	"parley/internal/session"
)

// merge reads several lines as one, the conversation that has waited longest
// first. It reads only as far as it is asked.
type merge struct {
	queue Queue
	lines []*queueing
}

// queueing is one line, read in pages.
type queueing struct {
	Line
	integration *session.Integration
	department  *Department // nil: the general queue
	page        []*Waiting
	after       Place
	over        bool // nothing behind the page
}

// page is how many conversations are read at once.
const page = 50

// next returns the oldest conversation that was not returned yet, and its
// line; nil after the last one.
func (m *merge) next(ctx context.Context) (*Waiting, *queueing, error) {
	var first *queueing
	for _, l := range m.lines {
		if err := l.fill(ctx, m.queue); err != nil {
			return nil, nil, err
		}
		if len(l.page) > 0 && (first == nil || l.page[0].before(first.page[0].Place)) {
			first = l
		}
	}
	if first == nil {
		return nil, nil, nil
	}
	w := first.page[0]
	first.page = first.page[1:]
	return w, first, nil
}

// drop leaves out what is left of the line.
func (l *queueing) drop() { l.page, l.over = nil, true }

func (l *queueing) fill(ctx context.Context, q Queue) error {
	if l.over || len(l.page) > 0 {
		return nil
	}
	list, err := q.Waiting(ctx, l.Line, l.after, page)
	if err != nil {
		return err
	}
	l.page, l.over = list, len(list) < page
	if len(list) > 0 {
		l.after = list[len(list)-1].Place
	}
	return nil
}

func (p Place) before(other Place) bool {
	if p.SinceMs != other.SinceMs {
		return p.SinceMs < other.SinceMs
	}
	return string(p.ID[:]) < string(other.ID[:])
}
