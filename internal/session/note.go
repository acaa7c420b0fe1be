package session

import (
	"context"
	"strings"
	"unicode/utf8"
)

// Note is what agents write to each other beside a dialog. No client, bot or
// customer's system ever sees it.
type Note struct {
	Text     string   // 1 to MaxTextChars characters
	Mentions []string // ids of agents, at most MaxMentions
}

// Check refuses what is over a limit of contract (f).
func (n *Note) Check() error {
	switch {
	case strings.TrimSpace(n.Text) == "":
		return Invalid("text", "must not be empty")
	case utf8.RuneCountInString(n.Text) > MaxTextChars:
		return Invalid("text", "longer than %d characters", MaxTextChars)
	case len(n.Mentions) > MaxMentions:
		return Invalid("mentions", "more than %d agents", MaxMentions)
	}
	for _, id := range n.Mentions {
		if id == "" || len(id) > MaxAgentIDBytes {
			return Invalid("mentions", "must hold ids of 1 to %d bytes", MaxAgentIDBytes)
		}
	}
	return nil
}

// Note adds a note to the transcript. It changes no owner and no timer.
func (o Ownership) Note(ctx context.Context, in *Integration, handle ID, by Agent, note Note) (*Result, error) {
	if err := note.Check(); err != nil {
		return nil, err
	}
	op := &addNote{scope: o.core.scope(in), handle: handle, agent: by, note: note}
	err := o.core.commit(ctx, "note", op)
	return &op.out, err
}

type addNote struct {
	scope
	handle ID
	agent  Agent
	note   Note
	out    Result
}

// noteBody is the body of a note's message.
type noteBody struct {
	Input    Input    `json:"input"`
	Agent    Agent    `json:"agent"`
	Mentions []string `json:"mentions,omitempty"`
}

func (op *addNote) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	m, err := w.say(op.scope, s.ID, AuthorNote, EventMessageNote, noteBody{Input{Text: op.note.Text}, op.agent, op.note.Mentions})
	op.out = Result{Session: s, Chain: ch, Message: m}
	return err
}
