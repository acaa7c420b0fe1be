package session

// DeliveryChat is the kind of deliveries to the callback of the Chat API.
const DeliveryChat = "chat:answer"

// callback is an answer on its way to chat_callback_url (script-api 6.1): one to
// an asynchronous request, or one that nobody asked for.
type callback struct {
	scope
	session *Session
	to      *Message // that it answers; nil for none
	said    []*Message
	opened  bool // a session, for this answer
	ended   bool // it, by a script
}

// queue puts the answer into the outbox. What a client waits for, or reads on
// another face, is not called back.
func (c callback) queue(w *Work) {
	clientID, ok := c.session.ChatClient()
	if !ok || c.in.Settings.ChatCallbackURL == "" || len(c.said) == 0 {
		return
	}
	var asked *ChatRequest
	if c.to != nil {
		if asked = ChatRequestOf(c.to.Body); asked != nil && !asked.Async {
			return
		}
	}
	a := newChatAnswer(clientID, c.ms(), c.said)
	a.Data.NewSession, a.Data.EndSession = c.opened, c.ended
	if c.to != nil {
		a.QuestionID = questionOf(c.to, asked)
	}
	w.now.outbox = append(w.now.outbox, &Delivery{
		ID: c.newID(), Integration: c.in.ID, Chain: callbackLane(c.session.Chain), Session: c.session.ID,
		Sequence: c.said[len(c.said)-1].Sequence, Kind: DeliveryChat, Body: object([]*ChatAnswer{a}), CreatedMs: c.ms(), DueMs: c.ms(),
	})
}

// callbackLane is what orders the callbacks of a chain: its id as UUIDv8, so that
// they wait for each other and not for its webhooks.
func callbackLane(chain ID) ID {
	chain[6] = chain[6]&0x0f | 0x80
	return chain
}
