package postgres

import "parley/internal/session"

// How rows are read, one function to a kind, in the order of the columns in the lists.

func scanClient(r *row) *session.Client {
	return &session.Client{
		ID: r.id(), Integration: r.text(), Key: r.text(), UserID: r.text(), Data: r.json(),
		InboxNumber: r.int(), Pending: int(r.int()), Failures: int(r.int()), Newest: r.id(), Pushes: int(r.int()),
		Holder: r.id(), Fence: r.int(),
	}
}

func scanChain(r *row) *session.Chain {
	c := &session.Chain{
		ID: r.id(), Client: r.id(), Head: r.id(), Sequence: r.int(), Version: r.int(), Epoch: r.int(), EndedMs: r.int(),
		Marks: session.Marks{Delivered: r.int(), Read: r.int(), Seen: r.int()},
	}
	if position, ok := r.null(); ok {
		c.Start = &session.Vars{Position: position, Session: r.id(), Data: r.json(), Extra: r.json()}
	}
	return c
}

func scanSession(r *row) *session.Session {
	return &session.Session{
		ID: r.id(), Integration: r.text(), Client: r.id(), Chain: r.id(), Predecessor: r.id(), Successor: r.id(),
		Status: session.Status(r.text()), Reason: session.Reason(r.text()), Channel: r.text(), ExternalID: r.text(),
		ChannelUserID: r.text(), IsTest: r.flag(), OptOut: r.flag(), Result: r.text(), Started: r.flag(),
		UserMessages: r.int(), CreatedMs: r.int(), EndedMs: r.int(), LastUserMs: r.int(), LastAgentMs: r.int(),
		CheckMs: r.int(), WarnedMs: r.int(), Armed: int(r.int()), Release: int(r.int()),
	}
}

func scanVars(r *row) *session.Vars {
	return &session.Vars{Session: r.id(), Data: r.json(), Position: r.text(), Extra: r.json()}
}

func scanAgent(r *row) session.Agent {
	return session.Agent{ID: r.text(), Name: r.text(), Avatar: r.text()}
}

func scanConversation(r *row) *session.Conversation {
	return &session.Conversation{
		ID: r.id(), Session: r.id(), Owner: session.OwnerKind(r.text()), Agent: scanAgent(r), OpenedMs: r.int(), ClosedMs: r.int(),
		Integration: r.text(), Department: r.text(), Reason: r.text(), QueuedMs: r.int(), WaitingMs: r.int(), AnsweredMs: r.int(),
		SnoozedMs: r.int(), LastAgent: scanAgent(r), RatedMs: r.int(), Rating: int(r.int()), Feedback: r.text(),
	}
}

func scanMessage(r *row) *session.Message {
	return &session.Message{
		ID: r.id(), Client: r.id(), Author: session.Author(r.text()), AtMs: r.int(), Body: r.json(),
		Chain: r.id(), Session: r.id(), Sequence: r.int(), Number: r.int(), Handle: r.id(), AcceptedIn: r.id(),
		ClientMessageID: r.text(), InputHash: r.blob(), Attempts: int(r.int()),
		Outcome: session.Outcome(r.text()), Why: r.text(), Thumb: int(r.int()), Trace: r.text(),
	}
}

func scanEvent(r *row) *session.Event {
	ev := &session.Event{Chain: r.id(), Sequence: r.int(), Session: r.id(), AtMs: r.int(), Kind: r.text(), Body: r.json()}
	if m := scanMessage(r); !m.ID.IsZero() {
		ev.Message = m
	}
	return ev
}

func scanTimer(r *row) *session.Timer {
	return &session.Timer{
		ID: r.id(), Session: r.id(), Client: r.id(), Kind: session.TimerKind(r.text()), DueMs: r.int(), TargetState: r.text(),
		Handle: r.id(), Event: r.text(), Data: r.json(),
	}
}

func scanRemembered(r *row) *session.Remembered {
	return &session.Remembered{
		Integration: r.text(), Route: r.text(), Key: r.text(), Hash: r.blob(), Answer: r.blob(), ExpiresMs: r.int(),
	}
}
