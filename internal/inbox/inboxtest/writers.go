package inboxtest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"parley/internal/inbox"
	"parley/internal/session"
)

// at is a thread as it was at a sequence.
func at(r *inbox.Row, sequence int64) *inbox.Row {
	c := *r
	c.Sequence, c.Preview = sequence, fmt.Sprint("said ", sequence)
	return &c
}

// manyWriters: several nodes bring the same threads up to date, some of them late.
func manyWriters(s *suite) {
	const threads, sequences, nodes = 6, 12, 4
	base := make([]*inbox.Row, threads)
	for i := range base {
		base[i] = s.row()
	}
	var running sync.WaitGroup
	for node := range nodes {
		running.Go(func() {
			for sequence := int64(1); sequence <= sequences; sequence++ {
				entries := make([]*inbox.Entry, threads)
				for i := range entries {
					r := at(base[(i+node)%threads], sequence)
					entries[i] = &inbox.Entry{
						Row:    r,
						Person: &inbox.Person{Client: r.Client, Integration: r.Integration, Thread: r.ID, Name: r.Name, LastMs: atMs + sequence, Shown: "anna"},
						Texts:  []inbox.Text{{Message: r.Session, Sequence: sequence, AtMs: atMs + sequence, Author: inbox.AuthorUser, Text: fmt.Sprint("once ", sequence)}},
					}
				}
				if err := s.index.Put(context.Background(), entries); err != nil {
					s.Error(err)
				}
			}
		})
	}
	running.Wait()
	s.put([]*inbox.Row{at(base[0], 3)}, "late")
	rows, err := s.index.Rows(context.Background(), ids(base))
	if err != nil || len(rows) != threads {
		s.Fatal(len(rows), err)
	}
	for _, r := range rows {
		s.differ("newest", at(r, sequences), r)
	}
	s.differ("texts", threads*sequences, len(s.hits("once", 1000)))
	s.differ("a text that was there", 0, len(s.hits("late", 10)))
}

// changed names the rows that were written since a moment.
func changed(s *suite) {
	first, second := s.row(), s.row()
	s.put([]*inbox.Row{first})
	since := func(ms int64) []session.ID {
		s.Helper()
		list, err := s.index.Changed(context.Background(), ms)
		if err != nil {
			s.Fatal(err)
		}
		ids := []session.ID{}
		for _, line := range list {
			ids = append(ids, line.ID)
			if line.Status != first.Status || line.Sequence < 1 {
				s.Errorf("line %+v", line)
			}
		}
		return ids
	}
	start := time.Now().UnixMilli() - time.Minute.Milliseconds() // the engine's clock is this machine's
	s.differ("one", []session.ID{first.ID}, since(start))
	s.differ("none", []session.ID{}, since(time.Now().UnixMilli()+time.Minute.Milliseconds()))
	written := time.Now().UnixMilli() + 1
	for time.Now().UnixMilli() <= written {
		<-time.After(time.Millisecond)
	}
	s.put([]*inbox.Row{second, at(first, 1)})
	s.differ("what was written since, without what gave way", []session.ID{second.ID}, since(written))
}
