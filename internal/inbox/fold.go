package inbox

import (
	"encoding/json"
	"maps"
	"net/url"
	"path/filepath"
	"strings"

	"parley/internal/session"
)

// facts are what a row is made of, as one snapshot of the store has it, and the
// row as it was written last.
type facts struct {
	in      *session.Integration
	chain   *session.Chain
	session *session.Session      // the head
	talk    *session.Conversation // the newest of the head; may be nil
	spoken  bool                  // the chain has had a conversation
	doc     session.Document
	old     *Row             // nil where there is none
	events  []*session.Event // after the old row's, consecutive
	more    bool             // there are events after them
	unseen  []*session.Event // what follows the newest message that people have seen; set with a read receipt
}

// entry folds the events into the row: what is said of messages comes from
// them, everything else from the snapshot, so that a row that was lost is made
// again as it was.
func (f *facts) entry() *Entry {
	r := &Row{LastMs: f.session.CreatedMs, Tags: []string{}}
	if f.old != nil {
		r.Preview, r.PreviewAuthor, r.LastMs, r.Unread = f.old.Preview, f.old.PreviewAuthor, f.old.LastMs, f.old.Unread
		r.Mentions = maps.Clone(f.old.Mentions)
	}
	r.ID, r.Session, r.Client, r.Sequence = f.chain.ID, f.session.ID, f.session.Client, f.chain.Sequence
	if f.more {
		r.Sequence = f.events[len(f.events)-1].Sequence
	}
	r.Integration, r.IntegrationName, r.Channel = f.in.ID, f.in.Name, f.session.Channel
	f.describe(r)
	f.own(r)
	e := &Entry{Row: r}
	for _, ev := range f.events {
		f.hear(e, ev)
	}
	if f.unseen != nil {
		r.Unread = f.unread()
	}
	e.Person = f.person(r)
	return e
}

// describe takes what the context says of the person.
func (f *facts) describe(r *Row) {
	r.Name, r.Email = f.word("display_name"), f.word("email")
	r.Language = shorten(text(f.doc, "user", "language"), wordChars)
	if avatar := text(f.doc, "user", "avatar"); len(avatar) <= session.MaxAvatarChars {
		r.Avatar = avatar // an address is of no use in part
	}
	tags, _ := f.doc.At("tags")
	list, _ := tags.([]any)
	for _, tag := range list[:min(len(list), tagsShown)] {
		if s, ok := tag.(string); ok {
			r.Tags = append(r.Tags, shorten(s, wordChars))
		}
	}
}

// A row goes to every page with each of its changes, so that what a visitor
// says of himself is only shown in part there.
const (
	nameChars = 254 // of a name, an e-mail, an id
	wordChars = 64  // of a tag, a language
	tagsShown = 20
)

// word is a field of the user, as the list and the search know it.
func (f *facts) word(key string) string { return shorten(text(f.doc, "user", key), nameChars) }

// own takes what the conversation says. A head without one, which a script has
// just opened, is the bot's.
func (f *facts) own(r *Row) {
	r.Owner = Owner{Kind: session.OwnerBot}
	r.OpenedMs = f.session.CreatedMs
	if f.talk != nil {
		r.OpenedMs = f.talk.OpenedMs
		r.Owner.Kind = f.talk.Owner
		r.Department, r.Reason, r.Rating = f.talk.Department, f.talk.Reason, Score(f.talk.Rating)
	}
	switch r.Owner.Kind {
	case session.OwnerBot:
		r.Owner.Bot = &Bot{Name: botName(&f.in.Settings), Release: f.session.Release}
	case session.OwnerAgent:
		agent := f.talk.Agent
		r.Owner.Agent = &agent
	}
	if r.Status = f.status(); r.Status != StatusEnded && f.talk.Open() {
		r.WaitingMs, r.Snoozed = Moment(f.talk.WaitingMs), Snooze(f.talk.SnoozedMs)
	}
}

func (f *facts) status() Status {
	switch {
	case !f.session.Open():
		return StatusEnded
	case f.talk == nil:
		return StatusBot
	case !f.talk.Open():
		return StatusResolved
	case f.talk.SnoozedMs != 0:
		return StatusSnoozed
	case f.talk.Owner == session.OwnerQueue:
		return StatusQueued
	case f.talk.Owner == session.OwnerAgent:
		return StatusOpen
	}
	return StatusBot
}

// botName is what the desk calls a bot: the directory or the host it comes from.
func botName(set *session.Settings) string {
	if set.BotURL != "" {
		if u, err := url.Parse(set.BotURL); err == nil {
			return u.Host
		}
	}
	if set.Bot == "" {
		return ""
	}
	return filepath.Base(set.Bot)
}

// hear folds one event.
func (f *facts) hear(e *Entry, ev *session.Event) {
	if readByPerson(ev) {
		e.Row.Unread = 0
	}
	e.Row.mention(ev)
	said, ok := utteranceOf(ev, &f.in.Settings)
	if !ok {
		return
	}
	switch said.author {
	case AuthorUser:
		e.Row.Unread++
	case AuthorAgent:
		e.Row.Unread = 0
	}
	e.Row.Preview, e.Row.PreviewAuthor = shorten(said.preview, PreviewChars), said.author
	e.Row.LastMs = max(e.Row.LastMs, ev.AtMs)
	if said.text != "" {
		e.Texts = append(e.Texts, Text{ev.Message.ID, ev.Sequence, ev.AtMs, said.author, said.text})
	}
}

// mention keeps who was asked for in a note until he speaks himself.
func (r *Row) mention(ev *session.Event) {
	if ev.Kind == session.EventConversationClosed {
		r.Mentions = nil
	}
	if ev.Message == nil || ev.Kind != session.EventMessageNote && ev.Kind != session.EventMessageAgent {
		return
	}
	var said struct {
		Agent    session.Agent `json:"agent"`
		Mentions []string      `json:"mentions"`
	}
	if json.Unmarshal(ev.Message.Body, &said) != nil {
		return // unreachable: written by the core
	}
	if r.Mentions == nil && len(said.Mentions) > 0 {
		r.Mentions = map[string]int64{}
	}
	for _, id := range said.Mentions {
		r.Mentions[id] = ev.Sequence
	}
	delete(r.Mentions, said.Agent.ID)
}

// unread counts again what a read receipt of a person left.
func (f *facts) unread() (n int) {
	for _, ev := range f.unseen {
		if said, ok := utteranceOf(ev, &f.in.Settings); ok && said.author == AuthorUser {
			n++
		} else if ok && said.author == AuthorAgent {
			n = 0
		}
	}
	return n
}

// readByPerson tells a receipt of the desk from one of the user.
func readByPerson(ev *session.Event) bool {
	var body session.Agent
	return ev.Kind == session.EventMessageRead && json.Unmarshal(ev.Body, &body) == nil && body.ID != ""
}

// person is the client as the search finds it. What the integration masks is
// kept apart.
func (f *facts) person(r *Row) *Person {
	p := &Person{Client: r.Client, Integration: r.Integration, Thread: r.ID, Name: r.Name, Email: r.Email, LastMs: r.LastMs}
	clear := f.in.Settings.Redact(f.doc)
	var shown, masked []string
	for _, key := range []string{"display_name", "email", "user_id"} {
		v := f.word(key)
		if text(clear, "user", key) == text(f.doc, "user", key) {
			shown = append(shown, v)
		} else {
			masked = append(masked, v)
		}
	}
	p.Shown, p.Masked = Fold(strings.TrimSpace(strings.Join(shown, " "))), Fold(strings.Join(masked, " "))
	return p
}
