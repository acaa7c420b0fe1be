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
	ID       string   // client_message_id, at most MaxClientMessageChars characters; "" for none
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
	case utf8.RuneCountInString(n.ID) > MaxClientMessageChars:
		return Invalid("client_message_id", "longer than %d characters", MaxClientMessageChars)
	}
	for _, id := range n.Mentions {
		if id == "" || len(id) > MaxAgentIDBytes {
			return Invalid("mentions", "must hold ids of 1 to %d bytes", MaxAgentIDBytes)
		}
	}
	return nil
}

// Note adds a note to the transcript. It changes no owner and no timer. A
// repeated id returns the first note and changes nothing.
func (o Ownership) Note(ctx context.Context, in *Integration, handle ID, by Agent, note Note) (*Result, error) {
	if err := note.Check(); err != nil {
		return nil, err
	}
	op := &addNote{scope: o.core.scope(in), handle: handle, agent: by, note: note}
	err := o.core.commit(ctx, "note", op, handle)
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
	body := noteBody{Input{Text: op.note.Text}, op.agent, op.note.Mentions}
	known := spoken{AuthorNote, op.note.ID, noteBody{body.Input, Agent{ID: op.agent.ID}, body.Mentions}}
	if done, err := known.before(w, op.scope, op.handle, &op.out); err != nil || done {
		return err
	}
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	m, err := utterance{author: AuthorNote, kind: EventMessageNote, body: body, id: known.id, hash: known.hash()}.add(w, op.scope, s.ID)
	op.out = Result{Session: s, Chain: ch, Message: m}
	return err
}
