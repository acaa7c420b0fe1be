package postgres

import (
	"cmp"
	"slices"

	"parley/internal/session"
)

// writes are the statements that put a batch into the transaction, in one pipeline.
// Ids come from the core, so none has to give anything back. Rows of a kind go in an
// order that is the same on every node, because a key that another transaction inserts
// at the same time is waited for. What the transaction has read is changed where it is.
func writes(b *session.Batch, known *ground) []*step {
	var steps []*step
	add := func(s *step) {
		if s != nil {
			steps = append(steps, s)
		}
	}
	oldClients, clients := parted(b.Clients, func(v *session.Client) bool { return known.locked[v.ID] })
	oldChains, chains := parted(b.Chains, func(v *session.Chain) bool { return known.chains[v.ID] != nil })
	oldSessions, sessions := parted(b.Sessions, func(v *session.Session) bool { return known.sessions[v.ID] != nil })
	slices.SortFunc(clients, func(x, y *session.Client) int {
		return cmp.Or(cmp.Compare(x.Integration, y.Integration), cmp.Compare(x.Key, y.Key))
	})
	slices.SortFunc(b.Remembered, func(x, y *session.Remembered) int {
		return cmp.Or(cmp.Compare(x.Integration, y.Integration), cmp.Compare(x.Route, y.Route), cmp.Compare(x.Key, y.Key))
	})
	add(put("AddRemembered", b.Remembered, bindRemembered))
	add(put("PutClients", clients, bindClient))
	add(put("SetClients", oldClients, rebindClient))
	add(put("PutChains", chains, bindChain))
	add(put("SetChains", oldChains, rebindChain))
	add(put("PutSessions", sessions, bindSession))
	add(put("SetSessions", oldSessions, rebindSession))
	add(put("PutDocuments", b.Documents, func(c *columns, v session.DocumentRow) { c.id(v.Session); c.json(v.JSON) }))
	add(put("PutVars", b.Vars, func(c *columns, v *session.Vars) {
		c.id(v.Session)
		c.json(v.Data)
		c.text(v.Position)
		c.json(v.Extra)
	}))
	add(put("PutConversations", b.Conversations, bindConversation))
	add(put("AddMessages", b.NewMessages, bindNewMessage))
	add(put("SetMessages", b.Messages, bindMessage))
	add(put("AddEvents", b.Events, bindEvent))
	if len(b.DeadTimers) > 0 {
		add(&step{name: "DropTimers", args: []any{b.DeadTimers}})
	}
	add(put("PutTimers", b.Timers, bindTimer))
	add(put("AddDeliveries", heads(b.Outbox), bindDelivery))
	return steps
}

// parted parts rows that are there from those that are new, or of which nobody knows.
func parted[V any](list []*V, there func(*V) bool) (old, fresh []*V) {
	for _, v := range list {
		if there(v) {
			old = append(old, v)
		} else {
			fresh = append(fresh, v)
		}
	}
	return old, fresh
}

// put is a set-based statement; nil where there is nothing to put.
func put[V any](name string, list []V, bind func(*columns, V)) *step {
	if len(list) == 0 {
		return nil
	}
	c := columnsOf(list, bind)
	return &step{name: name, args: c.args()}
}

func bindClient(c *columns, v *session.Client) {
	c.id(v.ID)
	c.text(v.Integration)
	c.text(v.Key)
	bindClientState(c, v)
}

func rebindClient(c *columns, v *session.Client) {
	c.id(v.ID)
	bindClientState(c, v)
}

func bindClientState(c *columns, v *session.Client) {
	c.text(v.UserID)
	c.json(v.Data)
	c.int(v.InboxNumber)
	c.int(int64(v.Pending))
	c.int(int64(v.Failures))
	c.ref(v.Newest)
	c.int(int64(v.Pushes))
	c.ref(v.Holder)
	c.int(v.Fence)
}

func bindChain(c *columns, v *session.Chain) {
	c.id(v.ID)
	c.id(v.Client)
	bindChainState(c, v)
}

func rebindChain(c *columns, v *session.Chain) {
	c.id(v.ID)
	bindChainState(c, v)
}

func bindChainState(c *columns, v *session.Chain) {
	c.id(v.Head)
	c.int(v.Sequence)
	c.int(v.Version)
	c.int(v.Epoch)
	if s := v.Start; s != nil {
		c.ref(s.Session)
		c.json(s.Data)
		c.text(s.Position)
		c.json(s.Extra)
	} else {
		c.null(typeUUID)
		c.null(typeText)
		c.null(typeText)
		c.null(typeText)
	}
	c.int(v.EndedMs)
	c.int(v.Marks.Delivered)
	c.int(v.Marks.Read)
	c.int(v.Marks.Seen)
}

func bindSession(c *columns, v *session.Session) {
	c.id(v.ID)
	c.text(v.Integration)
	c.id(v.Client)
	c.id(v.Chain)
	c.ref(v.Predecessor)
	c.text(v.Channel)
	c.text(v.ExternalID)
	c.text(v.ChannelUserID)
	c.flag(v.IsTest)
	c.flag(v.OptOut)
	c.int(v.CreatedMs)
	bindSessionState(c, v)
}

func rebindSession(c *columns, v *session.Session) {
	c.id(v.ID)
	bindSessionState(c, v)
}

func bindSessionState(c *columns, v *session.Session) {
	c.ref(v.Successor)
	c.text(string(v.Status))
	c.text(string(v.Reason))
	c.text(v.Result)
	c.flag(v.Started)
	c.int(v.UserMessages)
	c.int(v.EndedMs)
	c.int(v.LastUserMs)
	c.int(v.LastAgentMs)
	c.int(v.CheckMs)
	c.int(v.WarnedMs)
	c.int(int64(v.Armed))
	c.int(int64(v.Release))
}

func bindConversation(c *columns, v *session.Conversation) {
	c.id(v.ID)
	c.id(v.Session)
	c.text(string(v.Owner))
	bindAgent(c, v.Agent)
	c.int(v.OpenedMs)
	c.int(v.ClosedMs)
	c.text(v.Integration)
	c.text(v.Department)
	c.text(v.Reason)
	c.int(v.QueuedMs)
	c.int(v.WaitingMs)
	c.int(v.AnsweredMs)
	c.int(v.SnoozedMs)
	bindAgent(c, v.LastAgent)
	c.int(v.RatedMs)
	c.int(int64(v.Rating))
	c.text(v.Feedback)
}

func bindAgent(c *columns, a session.Agent) {
	c.text(a.ID)
	c.text(a.Name)
	c.text(a.Avatar)
}

func bindNewMessage(c *columns, v *session.Message) {
	c.id(v.ID)
	c.id(v.Client)
	c.text(string(v.Author))
	c.int(v.AtMs)
	c.json(v.Body)
	c.ref(v.Chain)
	c.ref(v.Session)
	c.int(v.Sequence)
	c.int(v.Number)
	c.ref(v.Handle)
	c.ref(v.AcceptedIn)
	c.text(v.ClientMessageID)
	c.flag(v.ClientMessageID != "")
	c.blob(v.InputHash)
	c.int(int64(v.Attempts))
	c.text(string(v.Outcome))
	c.text(v.Why)
	c.int(int64(v.Thumb))
	c.text(v.Trace)
}

func bindMessage(c *columns, v *session.Message) {
	c.id(v.ID)
	c.int(v.AtMs)
	c.ref(v.Chain)
	c.ref(v.Session)
	c.int(v.Sequence)
	c.int(v.Number)
	c.int(int64(v.Attempts))
	c.text(string(v.Outcome))
	c.text(v.Why)
	c.int(int64(v.Thumb))
}

func bindEvent(c *columns, v *session.Event) {
	c.id(v.Chain)
	c.int(v.Sequence)
	c.id(v.Session)
	c.int(v.AtMs)
	c.text(v.Kind)
	c.json(v.Body)
	if v.Message != nil {
		c.id(v.Message.ID)
	} else {
		c.null(typeUUID)
	}
}

func bindTimer(c *columns, v *session.Timer) {
	c.id(v.Session)
	c.text(string(v.Kind))
	c.id(v.ID)
	c.id(v.Client)
	c.int(v.DueMs)
	c.text(v.TargetState)
	c.ref(v.Handle)
	c.text(v.Event)
	c.json(v.Data)
}

func bindRemembered(c *columns, v *session.Remembered) {
	c.text(v.Integration)
	c.text(v.Route)
	c.text(v.Key)
	c.blob(v.Hash)
	c.blob(v.Answer)
	c.int(v.ExpiresMs)
}

// delivery is a webhook of a batch; first is the first of its chain there.
type delivery struct {
	*session.Delivery
	first bool
}

// heads marks the first of each chain. A batch has a chain's deliveries in order of
// sequence.
func heads(list []*session.Delivery) []delivery {
	type line struct {
		integration string
		chain       session.ID
	}
	seen := map[line]bool{}
	marked := make([]delivery, len(list))
	for i, d := range list {
		l := line{d.Integration, d.Chain}
		marked[i], seen[l] = delivery{d, !seen[l]}, true
	}
	return marked
}

func bindDelivery(c *columns, v delivery) {
	c.id(v.ID)
	c.text(v.Integration)
	c.id(v.Chain)
	c.id(v.Session)
	c.int(v.Sequence)
	c.text(v.Kind)
	c.json(v.Body)
	c.int(v.CreatedMs)
	c.int(v.DueMs)
	c.int(int64(v.Attempts))
	c.ref(v.Token)
	c.int(v.LeaseMs)
	c.text(v.LastError)
	c.text(v.Trace)
	c.flag(v.first)
}
