package session

import "context"

// Typing says that somebody began or stopped to write. It is not stored, has
// no sequence and reaches only those who follow the chain at that moment.
type Typing struct {
	Action  string // start or stop
	By      *Agent // nil: the user
	Text    string // what the user has written so far, where the widget shows it; may be ""
	Session ID     // set by Compose
	AtMs    int64  // set by Compose
}

// Compose tells the followers of a chain who writes. The webhook of an
// integration hears of people of the desk (contract b.1), in a lane of its own.
func (c Reactions) Compose(ctx context.Context, in *Integration, handle ID, t Typing) error {
	if t.Action != "start" && t.Action != "stop" {
		return Invalid("action", "must be start or stop")
	}
	v, err := c.View(ctx, in, handle)
	if err != nil {
		return err
	}
	sc := c.scope(in)
	t.Session, t.AtMs = v.Session.ID, sc.ms()
	number := c.hub.tell(v.Chain.ID, &t, sc.at.UnixNano())
	peers(c).typing(v.Chain.ID, &t)
	if t.By == nil || !in.Settings.Subscribes("message:compose") {
		return nil
	}
	return c.commit(ctx, "compose", &compose{scope: sc, session: v.Session.ID, typing: t, number: number}, v.Session.ID)
}

// compose queues the webhook of a Typing.
type compose struct {
	scope
	session ID
	typing  Typing
	number  int64 // orders what has no sequence
}

type composeBody struct {
	Action string `json:"action"`
	Author string `json:"author"`
	Agent  Agent  `json:"agent"`
}

func (op *compose) apply(w *Work) error {
	s, err := w.session(op.session)
	if err != nil {
		return err
	}
	id := op.newID()
	base := webhookBase{
		EventType: "message:compose", RequestID: id.String(), SessionID: s.ID.String(), ExternalID: s.ExternalID,
		Integration: op.in.ID, Desk: DefaultDesk, Timestamp: op.ms(),
	}
	if doc, err := w.document(s.ID); err == nil {
		base.Context = doc.JSON()
	}
	body := join(object(base), object(composeBody{op.typing.Action, "agent", *op.typing.By}))
	w.now.outbox = append(w.now.outbox, &Delivery{
		ID: id, Integration: op.in.ID, Chain: typingLane(s.Chain), Session: s.ID, Sequence: op.number,
		Kind: "message:compose", Body: body, CreatedMs: op.ms(), DueMs: op.ms(),
	})
	return nil
}

// typingLane is what orders the typing of a chain: its id as UUIDv8 of another
// variant than the callbacks', so that neither waits for the other.
func typingLane(chain ID) ID {
	chain = callbackLane(chain)
	chain[8] ^= 0x40
	return chain
}
