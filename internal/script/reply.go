package script

import (
	"encoding/json"
	"maps"

	"parley/internal/session"
	"parley/internal/session/wire"
)

// reply is one element of $response.replies.
type reply map[string]any

// answers are what the tags of a pass said: $response, until a script looks at
// that.
type answers struct {
	Replies []reply `json:"replies"`
	Answer  string  `json:"answer,omitempty"`
}

// speaker answers.
type speaker struct{ *run }

// say answers with a text; extra are more fields of the reply.
func (r speaker) say(text string, extra map[string]any) error {
	if r.taken.response {
		if extra == nil {
			return r.call("say", text)
		}
		return r.call("say", text, marshal(extra))
	}
	one := reply{"type": "text", "text": text}
	maps.Copy(one, extra)
	one["state"] = r.state
	r.said.Replies = append(r.said.Replies, one)
	if r.said.Answer != "" {
		text = r.said.Answer + "\n\n" + text
	}
	r.said.Answer = text
	return r.replied(len(str(one, "text")))
}

// replied counts a reply with a text of a size.
func (r speaker) replied(size int) error {
	r.count++
	r.size += size
	return replyLimit(r.count+len(r.before)+len(r.kept), r.size)
}

// replies reads what this pass said, and all of $response in the form of its JSON.
func (r outcome) replies() ([]reply, any, error) {
	if !r.taken.response {
		return r.said.Replies, r.said, r.checkReplies(r.said.Replies)
	}
	v, err := r.vm.Call("response")
	if err != nil || v.text == "" {
		return nil, nil, err
	}
	var response struct {
		Replies []any `json:"replies"`
	}
	if err := json.Unmarshal([]byte(v.text), &response); err != nil {
		return nil, nil, &dialogError{message: "$response.replies is no list of replies"}
	}
	var list []reply
	for _, item := range response.Replies {
		if object, ok := item.(map[string]any); ok {
			list = append(list, object)
			continue
		}
		r.log.Warn("an element of $response.replies is no object; it is ignored", "bot", r.bot.name, "state", r.state)
	}
	return list, json.RawMessage(v.text), r.checkReplies(list)
}

// checkReplies applies the limits to replies that scripts put there themselves.
func (r outcome) checkReplies(list []reply) error {
	count, size := len(r.before)+len(r.kept)+len(list), 0
	for _, group := range [][]reply{r.before, r.kept, list} {
		for _, one := range group {
			text, _ := one["text"].(string)
			size += len(text)
		}
	}
	return replyLimit(count, size)
}

func replyLimit(count, size int) error {
	switch {
	case count > session.MaxReplies:
		return &stopped{code: session.FailureLoop, message: "more than 64 replies in one turn"}
	case size > session.MaxReplyBytes:
		return &stopped{code: session.FailureLoop, message: "more than 64 KB of reply text in one turn"}
	}
	return nil
}

// wire turns replies into response objects: contract (e), JAICP mapping. A
// reply `switch` hands over, `timeout` arms the timeout.
func (r outcome) wire(replies []reply) ([]session.Reply, error) {
	w := &wireWriter{run: r.run}
	for _, one := range replies {
		if err := w.reply(one); err != nil {
			return nil, err
		}
	}
	out := make([]session.Reply, 0, len(w.Objects))
	for _, object := range w.Objects {
		object["action_id"] = session.NewID(r.turn.Now()).String()
		out = append(out, session.Reply(marshal(object)))
	}
	return out, nil
}

// wireWriter keeps out what is no answer but an order to the session.
type wireWriter struct {
	wire.Writer
	run *run
}

func (w *wireWriter) reply(one reply) error {
	switch str(one, "type") {
	case "switch":
		return w.handover(one)
	case "timeout":
		return w.timeout(one)
	default:
		w.Add(one)
	}
	return nil
}

func (w *wireWriter) timeout(one reply) error {
	return timeouts{w.run}.armTimeout(plain(json.RawMessage(marshal(one["interval"]))), str(one, "targetState"))
}

// str is the first of some fields that holds a text.
func str(one reply, names ...string) string {
	for _, name := range names {
		if text, ok := one[name].(string); ok && text != "" {
			return text
		}
	}
	return ""
}
