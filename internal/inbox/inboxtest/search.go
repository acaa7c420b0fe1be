package inboxtest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parley/internal/inbox"
	"parley/internal/session"
)

func (s *suite) query(typed string) inbox.Query {
	s.Helper()
	q, err := inbox.ParseQuery(typed)
	if err != nil {
		s.Fatal(err)
	}
	return q
}

func (s *suite) hits(typed string, limit int) []string {
	s.Helper()
	hits, err := s.index.Messages(context.Background(), s.query(typed), limit)
	if err != nil {
		s.Fatal(err)
	}
	list := make([]string, 0, len(hits))
	for _, h := range hits {
		list = append(list, h.Text)
	}
	return list
}

// messages finds words by their beginnings, in both languages, newest first.
func messages(s *suite) {
	thread := s.row()
	s.put([]*inbox.Row{thread}, "Где мой заказ №4711?", "Ещё один ЗАКАЗ: елка и Ёж", "Order café-latte, please", "заказы.pdf",
		"ÅNGSTRÖM Việt мой", "v1.2 foo_bar a@b.example", strings.Repeat("w", 3000)+" long", strings.Repeat("z", 250))
	for _, c := range []struct {
		typed string
		want  []string
	}{
		{"заказ", []string{"заказы.pdf", "Ещё один ЗАКАЗ: елка и Ёж", "Где мой заказ №4711?"}},
		{"ЗАК", []string{"заказы.pdf", "Ещё один ЗАКАЗ: елка и Ёж", "Где мой заказ №4711?"}},
		{"заказы", []string{"заказы.pdf"}},
		{"еще ЕЖ", []string{"Ещё один ЗАКАЗ: елка и Ёж"}},
		{"ёлка", []string{"Ещё один ЗАКАЗ: елка и Ёж"}},
		{"cafe lat", []string{"Order café-latte, please"}},
		{"47", []string{"Где мой заказ №4711?"}},
		{"711", []string{}},
		{"order заказ", []string{}},
		{`"order" OR NEAR(zzz) -x*`, []string{}},
		{`"please" *`, []string{"Order café-latte, please"}},
		{"angstrom viet", []string{"ÅNGSTRÖM Việt мой"}},
		{"Ångström", []string{"ÅNGSTRÖM Việt мой"}},
		{"A\u030angstro\u0308m", []string{"ÅNGSTRÖM Việt мой"}},
		{"мои", []string{}},
		{"bar 2 examp", []string{"v1.2 foo_bar a@b.example"}},
		{"long", []string{strings.Repeat("w", 3000) + " long"}},
		{strings.Repeat("z", inbox.MaxQueryChars), []string{strings.Repeat("z", 250)}},
	} {
		s.differ(c.typed, c.want, s.hits(c.typed, 10))
	}
	s.differ("limit", []string{"заказы.pdf"}, s.hits("заказ", 1))
	deep := s.row()
	s.put([]*inbox.Row{deep}, strings.Repeat("x\x00 ", 3), manyWords(200_000))
	s.differ("a text of many words", 1, len(s.hits("word1 word2", 10)))
	hits, err := s.index.Messages(context.Background(), s.query("latte"), 1)
	if err != nil || len(hits) != 1 {
		s.Fatal(hits, err)
	}
	s.differ("hit", &inbox.Hit{Thread: thread.ID, Sequence: 3, AtMs: atMs + 2, Author: inbox.AuthorUser, Text: "Order café-latte, please", Row: thread}, hits[0])
}

// manyWords is a text of n different words.
func manyWords(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "word%d ", i)
	}
	return b.String()
}

func (s *suite) persons(typed string, hidden bool) []string {
	s.Helper()
	found, err := s.index.People(context.Background(), s.query(typed), hidden, 10)
	if err != nil {
		s.Fatal(err)
	}
	list := make([]string, 0, len(found))
	for _, p := range found {
		list = append(list, fmt.Sprint(p.Name, " ", p.LastMs-atMs))
	}
	return list
}

// people are found by what they are called now; what is masked finds them only
// for those who see it.
func people(s *suite) {
	anna := s.row(func(r *inbox.Row) { r.Name, r.Email, r.LastMs = "Анна Königová", "anna@example.com", atMs+1 })
	bob := s.row(func(r *inbox.Row) { r.Name, r.Email, r.LastMs = "Bob", "bob@example.com", atMs+2 })
	s.put([]*inbox.Row{anna, bob})
	s.differ("by name", []string{"Анна Königová 1"}, s.persons("анна konig", false))
	s.differ("by e-mail", []string{"Bob 2", "Анна Königová 1"}, s.persons("example.com", false))
	s.differ("by masked e-mail", []string{}, s.persons("example.com", true))
	s.differ("by name, masked", []string{"Bob 2"}, s.persons("bo", true))
	again := s.row(func(r *inbox.Row) { r.Client, r.Name, r.LastMs = bob.Client, "Robert", atMs+9 })
	older := s.row(func(r *inbox.Row) {
		r.Client, r.Name, r.Email, r.LastMs = again.Client, again.Name, again.Email, atMs+3
	})
	s.put([]*inbox.Row{again})
	s.put([]*inbox.Row{older})
	s.differ("after another name", []string{}, s.persons("bob", true))
	s.differ("one person, last seen", []string{"Robert 9"}, s.persons("robert", false))
	past := s.row(func(r *inbox.Row) { r.Client, r.Name, r.LastMs = bob.Client, "Bobby", atMs+4 })
	s.put([]*inbox.Row{past})
	s.differ("by what he was called before", []string{}, s.persons("bobby", false))
	s.differ("by what he is called since", []string{"Robert 9"}, s.persons("robert", false))
}

func queryOfList(s *suite) {
	said, named, other := s.row(), s.row(func(r *inbox.Row) { r.Name = "Refund Smith" }), s.row()
	ended := s.row(status(inbox.StatusEnded))
	s.put([]*inbox.Row{said}, "I want a refund")
	s.put([]*inbox.Row{named, other})
	s.put([]*inbox.Row{ended}, "refund, refund")
	s.differ("query", []session.ID{named.ID, said.ID}, ids(s.list(inbox.Filter{Query: "refu"})))
	s.differ("query and status", []session.ID{ended.ID}, ids(s.list(inbox.Filter{Query: "refu", Status: inbox.StatusEnded})))
	s.differ("masked", []session.ID{}, ids(s.list(inbox.Filter{Query: "anna example", Hidden: true})))
}

// erase leaves nothing of a person, and everything of the others.
func erase(s *suite) {
	gone, rest := s.row(func(r *inbox.Row) { r.Name = "Gone" }), s.row(func(r *inbox.Row) { r.Name = "Rest" })
	second := s.row(func(r *inbox.Row) { r.Client, r.Name = gone.Client, "Gone" })
	s.put([]*inbox.Row{gone}, "secret one")
	s.put([]*inbox.Row{second}, "secret two")
	s.put([]*inbox.Row{rest}, "secret three")
	for range 2 { // the second time there is nothing left
		if err := s.index.Erase(context.Background(), []session.ID{gone.ID, second.ID}); err != nil {
			s.Fatal(err)
		}
	}
	s.differ("list", []session.ID{rest.ID}, ids(s.list(inbox.Filter{})))
	s.differ("messages", []string{"secret three"}, s.hits("secret", 10))
	s.differ("people", []string{}, s.persons("gone", false))
}

// stale finds what a crash left out, a page at a time.
func stale(s *suite) {
	c, in := s.core()
	var all []session.ID
	for range 5 {
		all = append(all, s.opened(c, in).Chain)
		<-time.After(2 * time.Millisecond) // ids of one millisecond are in no order
	}
	s.put([]*inbox.Row{s.row(func(r *inbox.Row) { r.ID, r.Sequence = all[1], 1 }), s.row(func(r *inbox.Row) { r.ID, r.Sequence = all[3], 99 })})
	orphan := s.row()
	s.put([]*inbox.Row{orphan})
	for _, c := range []struct{ among, want []session.ID }{
		{nil, []session.ID{orphan.ID}}, {[]session.ID{all[1], orphan.ID}, []session.ID{orphan.ID}}, {[]session.ID{all[1]}, nil}, {[]session.ID{}, nil},
	} {
		orphans, err := s.index.Orphans(context.Background(), c.among, 10)
		if err != nil {
			s.Fatal(err)
		}
		s.differ("orphans", append([]session.ID{}, c.want...), append([]session.ID{}, orphans...))
	}
	walk := func(integrations []string) (found []session.ID) {
		var at session.ID
		for {
			page, last, err := s.index.Stale(context.Background(), integrations, at, 2)
			if err != nil {
				s.Fatal(err)
			}
			found = append(found, page...)
			if at = last; last.IsZero() {
				return found
			}
		}
	}
	s.differ("stale", []session.ID{all[0], all[1], all[2], all[4]}, walk([]string{"other", in.ID}))
	s.differ("of another integration", 0, len(walk([]string{"other"})))
	s.differ("without a desk", 0, len(walk(nil)))
}
