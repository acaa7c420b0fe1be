package session

// giveUp decides whether a bot that failed loses its dialog to people: after too
// many error turns in a row, or when it could not be reached. Without a desk it
// never does. The client is told in words, too.
func (op *commitTurn) giveUp(w *Work, s *Session) error {
	d, limit := op.decision, op.in.Settings.failuresBeforeHandover()
	if d.Failure == nil || d.Handover != nil || limit == 0 {
		return nil
	}
	if w.clients.edit(s.Client).Failures+1 < limit && d.Failure.Code != FailureUnreachable {
		return nil
	}
	talk, err := w.conversation(op.head)
	if err != nil || talk.Human() {
		return err
	}
	op.givenUp = true
	d = new(*d)
	d.Handover = &Handover{Reason: ReasonBotFailed}
	d.Replies = append(append([]Reply{}, d.Replies...), op.notice())
	op.decision = d
	return nil
}

// notice is what the client reads when its dialog goes from a broken bot to
// people.
func (op *commitTurn) notice() Reply {
	text := op.in.Settings.BotFailedNotice
	if text == "" {
		text = DefaultBotFailedNotice
	}
	return object(noticeReply{Type: "text", Text: text, Action: op.newID().String()})
}

type noticeReply struct {
	Type   string `json:"type"`
	Text   string `json:"text"`
	Action string `json:"action_id"`
}

// DefaultBotFailedNotice is the notice of integrations that set none.
const DefaultBotFailedNotice = "I cannot go on by myself. I am passing this conversation to a colleague."
