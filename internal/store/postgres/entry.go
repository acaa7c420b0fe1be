package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"parley/internal/inbox"
	"parley/internal/session"
)

// Put is inbox.Index's. Rows, texts and people come in the order of their keys,
// so that no two nodes wait for each other.
func (x *Index) Put(ctx context.Context, entries []*inbox.Entry) error {
	entries = slices.SortedFunc(slices.Values(entries), func(a, b *inbox.Entry) int { return bytes.Compare(a.Row.ID[:], b.Row.ID[:]) })
	threads, err := threadColumns(entries)
	if err != nil {
		return err
	}
	steps := []*step{{name: "PutThreads", args: threads.args()}}
	if texts := textColumns(entries); texts.rows > 0 {
		steps = append(steps, &step{name: "PutTexts", args: texts.args()})
	}
	if people := personColumns(entries); people.rows > 0 {
		steps = append(steps, &step{name: "PutPeople", args: people.args()})
	}
	return x.store.write(ctx, steps...)
}

func threadColumns(entries []*inbox.Entry) (columns, error) {
	bodies := map[session.ID][]byte{}
	for _, e := range entries {
		body, err := json.Marshal(e.Row)
		if err != nil {
			return columns{}, err
		}
		bodies[e.Row.ID] = body
	}
	return columnsOf(entries, func(c *columns, e *inbox.Entry) {
		t := e.Row
		c.id(t.ID)
		c.id(t.Client)
		c.text(t.Integration)
		c.text(string(t.Status))
		c.flag(t.Status.Active())
		c.text(string(t.Owner.Kind))
		c.text(t.AgentID())
		c.text(t.Department)
		c.int(t.Key(inbox.SortLatest))
		c.int(t.Key(inbox.SortWaiting))
		c.int(t.Sequence)
		c.json(bodies[t.ID])
	}), nil
}

func textColumns(entries []*inbox.Entry) columns {
	type said struct {
		thread session.ID
		*inbox.Text
	}
	var list []said
	for _, e := range entries {
		for i := range e.Texts {
			list = append(list, said{e.Row.ID, &e.Texts[i]})
		}
	}
	return columnsOf(list, func(c *columns, s said) {
		c.id(s.thread)
		c.int(s.Sequence)
		c.id(s.Message)
		c.int(s.AtMs)
		c.text(s.Author)
		c.text(s.Text.Text)
		c.text(lexemes(s.Text.Text))
	})
}

// personColumns has each client once, as his newest thread knows him.
func personColumns(entries []*inbox.Entry) columns {
	newest := map[session.ID]*inbox.Person{}
	for _, e := range entries {
		if p := e.Person; newest[p.Client] == nil || newest[p.Client].LastMs <= p.LastMs {
			newest[p.Client] = p
		}
	}
	list := make([]*inbox.Person, 0, len(newest))
	for _, p := range newest {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *inbox.Person) int { return bytes.Compare(a.Client[:], b.Client[:]) })
	return columnsOf(list, func(c *columns, p *inbox.Person) {
		c.id(p.Client)
		c.text(p.Integration)
		c.id(p.Thread)
		c.text(p.Name)
		c.text(p.Email)
		c.int(p.LastMs)
		c.text(lexemes(p.Shown))
		c.text(lexemes(p.Shown + " " + p.Masked))
	})
}

// maxLexemes bounds the bytes of a text's words. PostgreSQL takes 1 MiB; longer
// texts are found by their first words.
const maxLexemes = 512 << 10

// lexemes are the words of a text with a blank between them.
func lexemes(text string) string {
	words := inbox.Words(text)
	n, size := 0, 0
	for n < len(words) && size+len(words[n]) < maxLexemes {
		size += len(words[n]) + 1
		n++
	}
	return strings.Join(words[:n], " ")
}

// Erase is inbox.Index's.
func (x *Index) Erase(ctx context.Context, threads []session.ID) error {
	var steps []*step
	for _, t := range copiedTables() {
		steps = append(steps, &step{name: t.erase, args: []any{threads}})
	}
	return x.store.write(ctx, steps...)
}
